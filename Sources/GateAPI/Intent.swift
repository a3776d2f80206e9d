/// One execution intent (plan): the trade that a strategy proposes, as read from the plan stream.
///
/// The properties are normalised. ``fields`` holds everything that the publisher sent.
public struct Intent: Sendable {
    // Gates ask for these properties of every intent, so their getters are inlined into the gates.
    @usableFromInline let content: Content
    /// The order's quantity in base asset, positive; zero on the wire means absent. An order that closes the whole
    /// position (`closePosition`) has none. An amendment replaces it.
    public internal(set) var quantity: Reading<Amount>
    /// The part of the position to close, in (0, 1]; `nil` if no action or step names it. An amendment may lower it.
    public internal(set) var closeFraction: Amount?
    /// Whether an amendment made it an order that can only reduce the position.
    public internal(set) var isGrantedCapped = false

    /// The stream entry that carried it.
    package var id: EntryID { content.id }
    /// The publisher's id. One plan id gets one outcome.
    public var planID: String { content.fields.text(content.planIDRange) }
    /// The range of the plan's id in ``fields``.
    package var planIDRange: Range<Int> { content.planIDRange }
    /// The range of the published action in ``fields``, `nil` if there is none.
    package var actionRange: Range<Int>? { content.actionRange }
    @inlinable public var symbol: Symbol { content.symbol }
    /// The strategy or bridge that the plan names as its `source`; `nil` if it names none, or none that can be one.
    package var source: Symbol? { content.source }
    /// The proposed action, such as `FULL_CLOSE_PROPOSED` or `ENTRY_PROPOSED`.
    @inlinable public var action: Action { content.action }
    @inlinable public var side: Side? { content.side }
    /// The plan's price in quote asset (`price`, else `entry_price`), positive.
    @inlinable public var price: Reading<Amount> { content.price }
    /// The publisher's instruction (`reduceOnly`, `reduce_only`, `closePosition` or `close_position`). Ask
    /// `inputs.exposure(of:within:missing:)` what the order does to the position.
    @inlinable public var reduceOnly: Reading<Bool> { content.reduceOnly }
    /// The leg that the order opens or closes in hedge mode (`positionSide` or `position_side`); `nil` for the one
    /// position of one-way mode.
    @inlinable public var leg: PositionLeg? { content.leg.value }
    /// Whether the plan names a leg, known or not.
    package var namesLeg: Bool {
        if case .absent = content.leg { false } else { true }
    }
    /// Whether the plan names a leg that does not exist, or two of them.
    package var hasUnknownLeg: Bool { namesLeg && leg == nil }
    /// The quantity to close in base asset (`close_qty`), if the publisher names it.
    @inlinable public var closeQuantity: Amount? { content.closeQuantity }
    /// Whether every digit of the published quantity was kept. If not, it is rounded up.
    package var isQuantityExact: Bool { content.isQuantityExact }
    /// Whether the plan names a price and gives none.
    package var isPriceEmpty: Bool { content.isPriceEmpty }
    /// The fault that makes the plan unfit to be judged; `nil` for nearly all plans.
    package var fault: PlanFault? { content.fault }
    /// The whole entry in wire order.
    @inlinable public var fields: Fields { content.fields }

    /// For tests: the intent in an entry, as the host parses it; `nil` if the host would not judge the entry.
    public init?(fields: Fields) {
        guard let intent = Self.parse(id: EntryID(milliseconds: 1, sequence: 0), fields: fields).intent else {
            return nil
        }
        self = intent
    }

    /// The part that no amendment changes. Copies of an intent share it.
    @usableFromInline
    final class Content: Sendable {
        let id: EntryID
        let planIDRange: Range<Int>
        @usableFromInline let symbol: Symbol
        let source: Symbol?
        @usableFromInline let action: Action
        let actionRange: Range<Int>?
        @usableFromInline let side: Side?
        @usableFromInline let price: Reading<Amount>
        @usableFromInline let reduceOnly: Reading<Bool>
        @usableFromInline let leg: Reading<PositionLeg>
        @usableFromInline let closeQuantity: Amount?
        @usableFromInline let fields: Fields
        let isQuantityExact: Bool
        let isPriceEmpty: Bool
        let fault: PlanFault?

        init(
            id: EntryID, planIDRange: Range<Int>, symbol: Symbol, source: Symbol?, action: Action,
            actionRange: Range<Int>?, side: Side?,
            price: Reading<Amount>, reduceOnly: Reading<Bool>, leg: Reading<PositionLeg>, closeQuantity: Amount?,
            fields: Fields, isQuantityExact: Bool, isPriceEmpty: Bool, fault: PlanFault?
        ) {
            self.id = id
            self.planIDRange = planIDRange
            self.symbol = symbol
            self.source = source
            self.action = action
            self.actionRange = actionRange
            self.side = side
            self.price = price
            self.reduceOnly = reduceOnly
            self.leg = leg
            self.closeQuantity = closeQuantity
            self.fields = fields
            self.isQuantityExact = isQuantityExact
            self.isPriceEmpty = isPriceEmpty
            self.fault = fault
        }
    }

    init(_ content: Content, quantity: Reading<Amount>, closeFraction: Amount?) {
        self.content = content
        self.quantity = quantity
        self.closeFraction = closeFraction
    }
}
