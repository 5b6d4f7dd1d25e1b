import Logging
import NIOConcurrencyHelpers

/// Whether the hub and the hospital's system answer; a change is logged once and acted upon.
final class GatewayStatus: Sendable {
    private struct State {
        var hub = true
        var system: Bool?
        /// Called with whether the hub answers, when that changes.
        var hubChanged: (@Sendable (Bool) -> Void)?
    }

    private let state = NIOLockedValueBox(State())
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    var hubAnswers: Bool { state.withLockedValue { $0.hub } }

    /// nil until it was tried.
    var systemAnswers: Bool? { state.withLockedValue { $0.system } }

    func onHubChange(_ act: @escaping @Sendable (Bool) -> Void) {
        state.withLockedValue { $0.hubChanged = act }
    }

    func hub(answers: Bool, _ why: String = "") {
        let act = state.withLockedValue { state -> (@Sendable (Bool) -> Void)? in
            guard state.hub != answers else { return nil }
            state.hub = answers
            return state.hubChanged ?? { _ in }
        }
        guard let act else { return }
        if answers {
            logger.notice("hub answers again; reading from the hospital's system")
        } else {
            logger.warning(
                "hub does not answer; the hospital's system keeps its messages",
                metadata: ["reason": "\(why)"]
            )
        }
        act(answers)
    }

    func system(answers: Bool, _ why: String = "") {
        let changed = state.withLockedValue { state in
            defer { state.system = answers }
            return state.system != answers
        }
        guard changed else { return }
        if answers {
            logger.notice("hospital's system takes deliveries")
        } else {
            logger.warning(
                "hospital's system does not take deliveries; they wait at the hub",
                metadata: ["reason": "\(why)"]
            )
        }
    }
}
