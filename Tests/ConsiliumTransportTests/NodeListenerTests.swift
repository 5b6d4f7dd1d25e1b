import Foundation
import Logging
import Testing
import X509

@testable import ConsiliumTransport

/// A member's own MLLP listener: its certificate has no host name, and must name a node of the site that is meant.
@Suite("Deliveries to a member's own listener")
struct NodeListenerTests {
    let network: TestNetwork

    init() throws { network = try TestNetwork() }

    /// What a client that means a node of `site` is told by a listener that shows `credentials`.
    private func answer(_ credentials: Credentials, meaning site: String, of name: String? = nil) async throws
        -> [UInt8]
    {
        let configuration = MLLPServerConfiguration(
            host: "127.0.0.1",
            port: 0,
            tls: try TLSContextBox(.mllp, credentials: credentials, roots: [network.root.certificate]),
            network: network.name
        )
        var logger = Logger(label: "node")
        logger.logLevel = .critical
        let server = MLLPServer(
            configuration: configuration,
            registry: ConnectionRegistry(),
            admission: { _ in nil },
            logger: logger,
            handler: { frame, _, _ in frame.bytes }
        )
        let port = try await server.start()
        let tls = try ClientTLS(
            roots: [network.root.certificate],
            credentials: network.credentials(network.principal("HUB")),
            node: (name ?? network.name, site)
        )
        do {
            let client = try await MLLPClient.connect(.init(host: "127.0.0.1", port: port, tls: tls))
            #expect(try client.peer?.principal == network.principal(site))
            let answer = try await client.send([1, 2, 3])
            await client.close()
            await server.stop(grace: .milliseconds(10))
            return answer
        } catch {
            await server.stop(grace: .milliseconds(10))
            throw error
        }
    }

    private func refused(_ credentials: Credentials, meaning site: String, of name: String? = nil) async {
        let failure = await #expect(throws: MLLPClientError.self) {
            try await answer(credentials, meaning: site, of: name)
        }
        guard case .cannotTrust? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test("A node of the site is reached, though its certificate bears no host name")
    func reached() async throws {
        #expect(try await answer(network.credentials(network.principal("S1")), meaning: "S1") == [1, 2, 3])
    }

    @Test("Another member that answers at that address gets nothing")
    func others() async throws {
        await refused(try network.credentials(network.principal("S2")), meaning: "S1")
        await refused(try network.credentials(network.principal("S1")), meaning: "S1", of: "other.network")
        await refused(try network.hub(), meaning: "S1")
        let person = try network.forge(
            names: [.uniformResourceIdentifier(network.principal("S1", .operator).uri)],
            usages: [.clientAuth, .serverAuth]
        )
        await refused(person, meaning: "S1")
        await refused(try TestNetwork().credentials(network.principal("S1")), meaning: "S1")
    }
}
