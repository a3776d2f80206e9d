/// A flaw that can be planted in the rules or the ledger. The names are those of the table in issue 13.
public enum Flaw: String, CaseIterable, Sendable {
    /// A report of no execution frees the share, and the permit lives on.
    case a1
    /// Closes are not in the ledger.
    case a2
    /// A close that does not say reduce-only passes, capped by nothing.
    case a3
    /// A snapshot shows a fill if its stamp is later than the report.
    case a4
    /// A symbol that had a position and lost its record counts as flat.
    case a5
    /// The fallback of a gate that cannot judge does not see the ledger.
    case a6
    /// A permit of a gate that failed open takes nothing.
    case a9
    /// An account that cannot be read counts as empty.
    case a10
    /// The second host's clock is ahead, and decides which shares have ended.
    case a11
    /// An order that may be a close is blocked where it is over the limit.
    case b1
    /// A reduce-only order is judged like any other.
    case b2
    /// With a lost position record an order that may be a close is blocked.
    case b4
    /// The same with a stale position record.
    case b5
    /// A close is sized by the snapshot alone.
    case b7
    /// A capped order counts like one that opens.
    case d5
    /// The leg that an order names is not read.
    case h1
    /// Another gate's charge of the plan takes the place of the share.
    case g1
    /// The commit does not notice what another host has granted.
    case p1

    /// The position that an order would close is credit: a capped order is never blocked and may close it first.
    case reliance
    /// An order that reduces in every world is granted as it is.
    case uncapped
    /// A bucket that ends without having been shown leaves no trace: a symbol without a record counts as flat though an
    /// order may have filled.
    case forgetting
    /// A bucket that a snapshot shows leaves no trace. The reading that tidies the account notes nothing of the snapshot.
    case unnoted
    /// A snapshot from before one that has let shares go still tells that there is no position.
    case outdated
    /// A snapshot from a clock that is ahead counts as one from now once it has let shares go.
    case clamped
    /// A given share ends with its time: an older snapshot may still be believed.
    case ended
    /// The commit does not ask whether there may be a position where the host assumed that there is none.
    case overlooking
    /// A stale snapshot without a position is evidence that there is none.
    case staleFlat
    /// A stale snapshot sizes a close.
    case oldSize
    /// The condition of a refusal counts capped orders.
    case saturation
    /// A close that is refused or cut has no condition: it stands although another host has opened more since.
    case staleAccount
    /// A block without a claim has no condition: it stands although another host has opened what the order would close.
    case unguarded
    /// An order that is granted capped because it only reduces has no condition.
    case loose
    /// A commit that finds another's mark and reads no account leaves its own: the next one takes it that nobody else has
    /// taken a share.
    case hearsay
    /// A share counts until a snapshot shows it, however long that takes.
    case endless
}
