import AsyncHTTPClient
import NIOCore
import NIOSSL

/// Why a request to the hub got no answer.
package enum HubClientError: Error, Hashable, Sendable {
    /// No connection, or it broke: refused, unknown host, network down.
    case cannotReach(String)
    /// There is somebody, but not one to be trusted: certificate, name, TLS version; or the hub refuses ours.
    case cannotTrust(String)
    /// No answer in time; whether the request was taken is unknown.
    case timedOut
    /// The answer is larger than the limit (bytes).
    case tooLarge(limit: Int)
    /// The path or a header cannot be sent.
    case invalidRequest(String)
    /// What receives a download failed.
    case sink(String)

    init(_ error: any Error) {
        switch error {
        case let error as HubClientError: self = error
        case NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
            self = .cannotReach("the connection was closed during the handshake")
        case NIOSSLError.uncleanShutdown: self = .cannotReach("the connection broke")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .cannotTrust("\(error)")
        case let error as HTTPClientError: self = Self(error)
        default: self = .cannotReach("\(error)")
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: self = .timedOut
        case .connectTimeout: self = .cannotReach("no answer in time")
        case .remoteConnectionClosed: self = .cannotReach("the connection was closed")
        case .invalidURL, .emptyHost, .emptyScheme: self = .invalidRequest("\(error)")
        default: self = .cannotReach("\(error)")
        }
    }
}
