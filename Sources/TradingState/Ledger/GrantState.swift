/// The state of a grant in its plan's outcome record.
package enum GrantState: String, Sendable, CaseIterable {
    /// Permitted; nobody has reported it.
    case given
    /// Reported as executed.
    case executed
    /// Taken back while its permit was unused. The plan id is free again.
    case revoked
    /// Its consumer says that the exchange refused it.
    case void
}
