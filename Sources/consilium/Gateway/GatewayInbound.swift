import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport
import Foundation
import Logging

/// From the hospital's system to the hub: each message is posted as it is, and the hub's own acknowledgement goes back.
///
/// Nothing is stored here. Without the hub no acknowledgement is given at all, so the system keeps the message.
struct GatewayInbound: Sendable {
    typealias Post = @Sendable (_ body: [UInt8]) async throws(HubClientError) -> HubResponse

    var post: Post
    var status: GatewayStatus
    var logger: Logger
    /// How long the system's connection is held while the hub does not answer.
    var patience: Duration = .seconds(30)

    /// The acknowledgement for `message`; nil closes the connection without one.
    func forward(_ message: [UInt8]) async -> [UInt8]? {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        var backoff = Backoff(from: .milliseconds(250), to: .seconds(4))
        while true {
            var last: [UInt8]?
            var least = Duration.zero
            switch await attempt(message) {
            case .acknowledged(let bytes): return bytes
            case .hopeless: return nil
            case .later(let bytes, let wait):
                last = bytes
                least = wait
            }
            let wait = max(least, backoff.wait())
            guard clock.now + wait < deadline else { return last }
            do {
                try await Task.sleep(for: wait)
            } catch {
                return last
            }
        }
    }

    private enum Attempt {
        case acknowledged([UInt8])
        /// The hub will not speak with this gateway.
        case hopeless
        /// Busy, with the hub's own words for it if it gave any, or out of reach.
        case later([UInt8]?, wait: Duration)
    }

    private func attempt(_ message: [UInt8]) async -> Attempt {
        let response: HubResponse
        do throws(HubClientError) {
            response = try await post(message)
        } catch {
            status.hub(answers: false, "\(error)")
            return .later(nil, wait: .zero)
        }
        let acknowledgement = response.body.starts(with: "MSH".utf8) ? response.body : nil
        switch response.status {
        case 503, 429:
            status.hub(answers: true)
            let seconds = response.header("Retry-After").flatMap { Int($0) } ?? 0
            return .later(acknowledgement, wait: .seconds(seconds))
        case 500...:
            // Whatever it says, nothing was stored for certain: no positive acknowledgement may come of it.
            status.hub(answers: false, "HTTP \(response.status)")
            return .later(nil, wait: .zero)
        default:
            status.hub(answers: true)
            if let acknowledgement {
                let isBusy = HL7v2Acknowledgement(acknowledgement).map { HubRefusal.isBusy($0) } ?? false
                return isBusy ? .later(acknowledgement, wait: .seconds(1)) : .acknowledged(acknowledgement)
            }
            logger.error(
                "hub answered without an acknowledgement",
                metadata: ["http.status": "\(response.status)", "body": "\(Self.excerpt(response.body))"]
            )
            return .hopeless
        }
    }

    /// The hub's refusal of the gateway itself, which names no patient.
    private static func excerpt(_ body: [UInt8]) -> String {
        guard let item = HubRefusal.items(in: body, language: .en).first else { return "" }
        return "\(item.code): \(item.sentence)"
    }
}
