/// Why a private redis-server could not be started.
package struct EmbeddedRedisError: Error, Sendable, Equatable, CustomStringConvertible {
    package let message: String
    package var description: String { message }
}
