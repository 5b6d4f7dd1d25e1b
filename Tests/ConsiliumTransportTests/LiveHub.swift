import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

@testable import ConsiliumTransport

/// A real server on loopback that answers with the caller's URI; it runs while `body` does.
struct LiveHub {
    let port: Int
    let registry: ConnectionRegistry

    struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        let connection: PeerConnection?

        init(source: ApplicationRequestContextSource) {
            coreContext = CoreRequestContextStorage(source: source)
            connection = PeerConnection.current
        }
    }

    static func run<Result: Sendable>(
        _ network: TestNetwork,
        tls: TLSContextBox? = nil,
        registry: ConnectionRegistry = ConnectionRegistry(),
        root: String? = nil,
        admission: @escaping Admission = { _ in nil },
        body: @escaping @Sendable (LiveHub) async throws -> Result
    ) async throws -> Result {
        let router = Router(context: Context.self)
        router.get("who") { _, context in context.connection?.identity?.principal.uri ?? "nobody" }
        router.get("remote") { _, context in context.connection?.remote.host ?? "none" }
        router.get("long") { _, _ in String(repeating: "x", count: 200_000) }
        router.get("enrol/root") { _, _ in root ?? "" }
        router.post("echo") { request, context in
            String(buffer: try await request.body.collect(upTo: 1 << 20))
        }
        let running = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Int.self)
        var logger = Logger(label: "live-hub")
        logger.logLevel = .critical
        let application = Application(
            router: router,
            server: .mutualTLS(
                listener: "api",
                tls: try tls ?? network.server(),
                network: network.name,
                registry: registry,
                admission: admission
            ),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { running.succeed($0.localAddress?.port ?? 0) },
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                do {
                    try await application.run()
                } catch {
                    running.fail(error)
                    throw error
                }
                return nil
            }
            let port = try await running.futureResult.get()
            group.addTask { try await body(LiveHub(port: port, registry: registry)) }
            var result: Result?
            while result == nil, let next = try await group.next() { result = next }
            registry.close { _ in true }
            group.cancelAll()
            guard let result else { throw CancellationError() }
            return result
        }
    }

    /// A client for this hub; shut down when `body` ends.
    func client<Result>(
        _ tls: ClientTLS,
        host: String = "127.0.0.1",
        limits: HubClientLimits = HubClientLimits(),
        body: (HubClient) async throws -> Result
    ) async throws -> Result {
        let client = HubClient(host: host, port: port, tls: tls, limits: limits)
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// The status that a fresh client's first request gets.
    func status(_ tls: ClientTLS, host: String = "127.0.0.1") async throws -> Int {
        try await client(tls, host: host) { client in
            try await client.request("GET", "/who").status
        }
    }
}
