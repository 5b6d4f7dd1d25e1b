import AsyncHTTPClient
import NIOConcurrencyHelpers
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOSSL

/// One header field of a request or an answer.
package struct HubHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The hub's answer.
package struct HubResponse: Hashable, Sendable {
    package var status: Int
    package var headers: [HubHeader]
    package var body: [UInt8]

    package init(status: Int, headers: [HubHeader], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first field of that name, whatever its case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// How long a client waits and how much it takes.
package struct HubClientLimits: Hashable, Sendable {
    package var connect: Duration = .seconds(5)
    /// From sending to the head of the answer; between two parts of the body as well.
    package var request: Duration = .seconds(60)
    /// Largest answer of `request`, in bytes.
    package var maximumResponse = 16 << 20
    /// Connections kept open at once.
    package var connections = 8

    package init() {}
}

/// A hub, spoken to over HTTPS with HTTP/1.1 connections that are kept open.
///
/// Nothing is redirected, retried or decompressed behind the caller's back. Call `shutdown` when done.
package final class HubClient: Sendable {
    private let base: String
    private let limits: HubClientLimits
    private let client: HTTPClient
    private let isShutDown = NIOLockedValueBox(false)

    /// - `host`: DNS name or IP address; the hub's certificate must name it.
    package init(host: String, port: Int, tls: ClientTLS, limits: HubClientLimits = HubClientLimits()) {
        base = Self.base(host: host, port: port)
        self.limits = limits
        // A hub is always met by its host name, whatever else `tls` may be used for.
        var settings = tls.configuration
        settings.certificateVerification = .fullVerification
        client = Self.client(settings, limits)
    }

    deinit {
        // An HTTPClient must not be dropped while it holds connections.
        guard isShutDown.withLockedValue({ !$0 }) else { return }
        let client = self.client
        client.shutdown { _ in }
    }

    /// Sends a request and collects the answer, whatever its status.
    ///
    /// - `path`: begins with `/`, with its query, percent-encoded.
    /// - `body`: nil sends none.
    /// - `time`: from sending to the head of the answer, where the limit is too short: a large body over a slow line,
    ///   an answer that is waited for.
    package func request(
        _ method: String,
        _ path: String,
        headers: [HubHeader] = [],
        body: [UInt8]? = nil,
        within time: Duration? = nil
    ) async throws(HubClientError) -> HubResponse {
        do {
            let answer = try await send(method, path, headers: headers, body: body, within: time)
            let collected = try await answer.body.collect(upTo: limits.maximumResponse)
            return HubResponse(
                status: Int(answer.status.code),
                headers: Self.headers(answer),
                body: Array(collected.readableBytesView)
            )
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit: limits.maximumResponse)
        } catch {
            throw HubClientError(error)
        }
    }

    /// Fetches `path` and hands a successful answer's bytes to `sink` piece by piece; the answer's body is then empty.
    ///
    /// An answer other than 2xx is collected as `request` does. Bytes stop flowing while `sink` works.
    package func download(
        _ path: String,
        headers: [HubHeader] = [],
        to sink: ([UInt8]) async throws -> Void
    ) async throws(HubClientError) -> HubResponse {
        do {
            let answer = try await send("GET", path, headers: headers, body: nil, within: nil)
            var response = HubResponse(status: Int(answer.status.code), headers: Self.headers(answer), body: [])
            guard (200..<300).contains(response.status) else {
                let collected = try await answer.body.collect(upTo: limits.maximumResponse)
                response.body = Array(collected.readableBytesView)
                return response
            }
            for try await part in answer.body {
                do {
                    try await sink(Array(part.readableBytesView))
                } catch {
                    throw HubClientError.sink("\(error)")
                }
            }
            return response
        } catch is NIOTooManyBytesError {
            throw .tooLarge(limit: limits.maximumResponse)
        } catch {
            throw HubClientError(error)
        }
    }

    /// Closes all connections; the client cannot be used afterwards.
    package func shutdown() async {
        let first = isShutDown.withLockedValue { done in
            defer { done = true }
            return !done
        }
        guard first else { return }
        do {
            try await client.shutdown()
        } catch {
            // Requests that were still running have failed with an error of their own.
            return
        }
    }

    private func send(
        _ method: String,
        _ path: String,
        headers: [HubHeader],
        body: [UInt8]?,
        within time: Duration?
    ) async throws -> HTTPClientResponse {
        guard path.utf8.first == UInt8(ascii: "/") else { throw HubClientError.invalidRequest(path) }
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        return try await client.execute(request, timeout: TimeAmount(time ?? limits.request))
    }

    private static func headers(_ answer: HTTPClientResponse) -> [HubHeader] {
        answer.headers.map { HubHeader($0.name, $0.value) }
    }

    static func base(host: String, port: Int) -> String {
        host.contains(":") ? "https://[\(host)]:\(port)" : "https://\(host):\(port)"
    }

    static func client(_ tls: TLSConfiguration, _ limits: HubClientLimits) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(limits.connect), read: TimeAmount(limits.request)),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = limits.connections
        configuration.connectionPool.retryConnectionEstablishment = false
        // Shorter than the hub's own idle limit, so that a request rarely meets a connection that is being closed.
        configuration.connectionPool.idleTimeout = .seconds(45)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
