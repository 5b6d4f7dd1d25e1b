package import Foundation

/// One open connection: who, from where, since when.
package struct PeerConnection: Hashable, Sendable, Identifiable {
    /// Set around the handling of every request on the connection, and inherited by each HTTP/2 stream.
    @TaskLocal package static var current: PeerConnection?

    /// Unique within the process.
    package let id: UInt64
    /// The listener's name, such as `api`, `console` or `mllp`.
    package let listener: String
    /// Nil where no client certificate was demanded and none was shown.
    package let identity: PeerIdentity?
    package let remote: RemoteAddress
    package let openedAt: Date
}

/// Says whether a principal may be connected, from what is in memory: it runs on an event loop and must not block.
///
/// Returns nil to let the peer in.
package typealias Admission = @Sendable (PeerIdentity) -> PeerRejection?
