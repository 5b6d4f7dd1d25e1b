/// What a peer may take of the hub before it is cut off.
package struct ConnectionLimits: Hashable, Sendable {
    /// From accepting the connection to the end of the TLS handshake.
    package var handshake: Duration = .seconds(5)
    /// From the first byte of a request's head to its last.
    package var headers: Duration = .seconds(10)
    /// Without a request, and between two parts of a request's body.
    package var idle: Duration = .seconds(60)
    /// From a request's head to the end of its body, beside the time that `bodyRate` gives.
    package var body: Duration = .seconds(30)
    /// Bytes of a body that earn it one second more.
    package var bodyRate = 64 * 1_024
    /// While the peer does not take the reply's bytes.
    package var stalledWrite: Duration = .seconds(60)
    /// Connections of one site, over all listeners that share a registry.
    package var perSite = 256
    /// Connections altogether, handshakes included; more are closed before the handshake.
    package var total = 4_096
    /// Connections from one address to one listener that have not shown a certificate: handshakes, enrolment, the console's visitors.
    package var strangersPerAddress = 256
    /// Connections altogether whose handshake is done and that showed none, so that members always find a place.
    package var anonymous = 1_024
    /// All header fields of one HTTP/1.1 request, in bytes.
    package var headerBytes = 32 * 1_024

    package init() {}

    // HTTP/2: 100 concurrent streams, 16 KiB of header fields, 5 CONTINUATION frames in sequence, 200 RST_STREAM
    // frames in 30 s and 200 stream errors are NIOHTTP2's defaults; Hummingbird's channel does not let them be changed.
}
