import GateAPI

/// `quantum:cluster:stress:{cluster}`: how strained a group of correlated symbols is. The record carries no time of its
/// own.
public enum ClusterStress {
    public static let keyPrefix = "quantum:cluster:stress:"
    /// The cluster of symbols that belong to no other, and of clusters without a record.
    public static let defaultCluster = "default"
    /// The field that holds the stress, a ratio.
    public static let field: StaticString = "stress"
}
