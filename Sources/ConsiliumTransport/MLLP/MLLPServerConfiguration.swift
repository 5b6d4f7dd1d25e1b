/// Where an MLLP listener stands and what it takes.
package struct MLLPServerConfiguration: Sendable {
    /// The listener's name in `PeerConnection` and in logs.
    package var listener = "mllp"
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// Nil for plain MLLP, which belongs inside a hospital only.
    package var tls: TLSContextBox?
    /// The network whose principals may connect over TLS.
    package var network: String
    /// Without TLS: who may connect; empty means anybody.
    package var allow: [AddressRange] = []
    /// From a frame's first byte to its last.
    package var slowBody: Duration = .seconds(30)
    /// How long a frame waits for its final carriage return.
    package var missingReturn: Duration = .seconds(2)
    /// Without any byte, between frames. Interface engines keep a connection open for hours; the time is long.
    package var idle: Duration = .seconds(600)
    /// Largest message in bytes.
    package var maximumFrame = 4 << 20
    /// What counts the bytes of frames that are coming in or being handled; nil: nothing bounds them together.
    package var memory: (any MemoryBudget)?

    package init(host: String, port: Int, tls: TLSContextBox?, network: String) {
        self.host = host
        self.port = port
        self.tls = tls
        self.network = network
    }
}
