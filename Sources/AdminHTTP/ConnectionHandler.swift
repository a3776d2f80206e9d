import NIOCore

/// Tells the limit of one connection, and ends the connection when it is old: a client could otherwise keep it with a
/// body that never ends, or by not reading its answer.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// After this the connection is closed as soon as no request is under way.
    static let lifetime = TimeAmount.minutes(2)
    /// After that it is closed at once.
    static let patience = TimeAmount.seconds(30)

    private let limit: ConnectionLimit
    private var end: Scheduled<Void>?

    init(_ limit: ConnectionLimit) {
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        limit.opened(context.channel)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.value.eventLoop)
        end = context.value.eventLoop.scheduleTask(in: Self.lifetime) {
            context.value.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            handler.value.end = context.value.eventLoop.scheduleTask(in: Self.patience) {
                context.value.close(promise: nil)
            }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        limit.read(context.channel)
        context.fireChannelRead(data)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end?.cancel()
        limit.closed(context.channel)
    }
}
