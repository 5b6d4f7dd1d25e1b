import NIOCore
import NIOPosix

/// Which of the configured ports another program has: asked after a listener could not be bound, for a clear message.
enum TakenPorts {
    static func message(_ configuration: HubConfiguration) async -> String {
        let listeners = [
            ("api", configuration.listen, configuration.apiPort),
            ("console", configuration.listen, configuration.consolePort),
            ("mllp", configuration.listen, configuration.mllpPort),
            ("ops", "127.0.0.1", configuration.opsPort),
        ]
        var taken: [String] = []
        for (name, host, port) in listeners where await !isFree(host, port) {
            taken.append("\(name) \(host):\(port)")
        }
        let which = taken.isEmpty ? "a listener's port" : taken.joined(separator: ", ")
        return "another program has \(which): stop it, or set `listen` in consilium.yaml"
    }

    private static func isFree(_ host: String, _ port: Int) async -> Bool {
        guard port != 0 else { return true }
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
            try await channel.close()
            return true
        } catch {
            return false
        }
    }
}
