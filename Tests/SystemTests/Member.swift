import ConsiliumAdapters
import ConsiliumTransport
import Foundation

/// One enrolled principal, with its key and certificate, and the doors that it uses.
final class Member: Sendable {
    let principal: String
    let credentials: Credentials
    let root: NetworkCertificate
    let endpoints: Endpoints
    let http: HubClient
    private let tls: ClientTLS

    init(_ principal: String, _ credentials: Credentials, root: NetworkCertificate, endpoints: Endpoints) throws {
        self.principal = principal
        self.credentials = credentials
        self.root = root
        self.endpoints = endpoints
        tls = try ClientTLS(roots: [root], credentials: credentials)
        var limits = HubClientLimits()
        limits.request = .seconds(30)
        http = HubClient(host: "127.0.0.1", port: endpoints.api, tls: tls, limits: limits)
    }

    var site: String { String(principal.prefix { $0 != "/" }) }

    /// Another client of the same principal: a connection pool of its own.
    func again(_ other: Endpoints? = nil) throws -> Member {
        try Member(principal, credentials, root: root, endpoints: other ?? endpoints)
    }

    func close() async { await http.shutdown() }

    func request(
        _ method: String,
        _ path: String,
        _ body: String? = nil,
        type: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> HubResponse {
        try await request(method, path, bytes: body.map { Array($0.utf8) }, type: type, headers: headers)
    }

    func request(
        _ method: String,
        _ path: String,
        bytes: [UInt8]?,
        type: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> HubResponse {
        var fields = headers.map { HubHeader($0.key, $0.value) }
        if bytes != nil {
            let usual = path.hasPrefix("/fhir") ? "application/fhir+json" : "application/json"
            fields.append(HubHeader("Content-Type", type ?? usual))
        }
        return try await http.request(method, path, headers: fields, body: bytes)
    }

    /// The JSON of an answer that must be a good one.
    func json(_ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]) async throws
        -> JSON
    {
        let answer = try await request(method, path, body, headers: headers)
        guard (200..<300).contains(answer.status) else {
            throw Broken("\(principal) \(method) \(path): \(answer.status) \(answer.text.prefix(600))")
        }
        return answer.body.isEmpty ? .null : try JSON(answer.body)
    }

    func connectMLLP(replyTimeout: Duration = .seconds(30)) async throws -> MLLPClient {
        var configuration = MLLPClient.Configuration(host: "127.0.0.1", port: endpoints.mllp, tls: tls)
        configuration.replyTimeout = replyTimeout
        return try await MLLPClient.connect(configuration)
    }

    /// One message over a connection of its own, and its acknowledgement.
    func mllp(_ message: [UInt8]) async throws -> (acknowledgement: HL7v2Acknowledgement, bytes: [UInt8]) {
        let client = try await connectMLLP()
        let reply = try await client.send(message)
        await client.close()
        guard let acknowledgement = HL7v2Acknowledgement(reply) else {
            throw Broken("no acknowledgement: \(String(decoding: reply, as: UTF8.self))")
        }
        return (acknowledgement, reply)
    }

    /// Writes certificate, key and root as files for `curl`; gives its arguments.
    func curlArguments(in folder: TemporaryFolder) throws -> [String] {
        let name = principal.replacing("/", with: "-")
        let files = ["--cert": "\(name).pem", "--key": "\(name).key", "--cacert": "root.pem"]
        try NetworkCertificate.pem(credentials.chain)
            .write(toFile: folder.path("\(name).pem"), atomically: true, encoding: .utf8)
        try credentials.key.pem.write(toFile: folder.path("\(name).key"), atomically: true, encoding: .utf8)
        try root.pem.write(toFile: folder.path("root.pem"), atomically: true, encoding: .utf8)
        return ["--silent", "--show-error", "--max-time", "20"] + files.flatMap { [$0.key, folder.path($0.value)] }
    }
}

extension HubResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
    var isSuccess: Bool { (200..<300).contains(status) }
}
