import GateAPI

/// `quantum:cluster:stress:{cluster}`: the stress of a group of correlated symbols. The record has no time.
package enum ClusterStress {
    package static let keyPrefix = "quantum:cluster:stress:"
    /// The cluster of symbols without a cluster, and the record for clusters without one.
    package static let defaultCluster = "default"
    /// The field of the stress, a ratio.
    package static let field: StaticString = "stress"
}
