import ConsiliumCore
import ConsiliumTransport
import Foundation
import Logging
import NIOConcurrencyHelpers

/// The gateway's one way to the hub: outbound TLS, with a certificate that is renewed while it runs.
final class HubLink: Sendable {
    private struct State {
        var session: Session
        /// The client before the last renewal; its requests may still be under way.
        var retired: HubClient?
    }

    private let state: NIOLockedValueBox<State>
    private let logger: Logger
    let language: Language

    init(_ session: Session, logger: Logger) {
        state = NIOLockedValueBox(State(session: session))
        self.logger = logger
        language = session.language
    }

    var session: Session { state.withLockedValue { $0.session } }

    func request(
        _ method: String,
        _ path: String,
        headers: [HubHeader] = [],
        body: [UInt8]? = nil
    ) async throws(HubClientError) -> HubResponse {
        try await session.hub.request(
            method,
            path,
            headers: headers + [HubHeader("Accept-Language", language.rawValue)],
            body: body
        )
    }

    /// Renews the certificate when a third of its life has passed. What fails is tried again at the next call.
    func renewIfDue(at now: Date = Date()) async {
        let retired = state.withLockedValue { state in
            defer { state.retired = nil }
            return state.retired
        }
        await retired?.shutdown()
        let session = session
        guard session.identity.isDueForRenewal(at: now) else { return }
        do {
            guard let identity = try await Renewal.renew(session) else { return }
            let client = try Session.client(profile: session.profile, identity: identity, limits: Gateway.limits)
            let renewed = Session(
                folder: session.folder,
                profile: session.profile,
                identity: identity,
                hub: client,
                language: session.language
            )
            state.withLockedValue { state in
                state.retired = state.session.hub
                state.session = renewed
            }
            logger.info("certificate renewed", metadata: ["valid.until": "\(identity.leaf.notAfter)"])
        } catch {
            logger.warning("certificate not renewed", metadata: ["reason": "\(error)"])
        }
    }

    func close() async {
        let (current, retired) = state.withLockedValue { ($0.session.hub, $0.retired) }
        await retired?.shutdown()
        await current.shutdown()
    }
}
