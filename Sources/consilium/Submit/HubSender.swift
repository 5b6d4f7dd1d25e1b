import ConsiliumCore
import ConsiliumTransport

/// Sends requests to the hub; waits when it is busy, but not for ever.
struct HubSender: Sendable {
    var hub: HubClient
    /// The hub's address, for messages.
    var name: String
    var language: Language
    /// From the first attempt; a busy hub is asked again until then.
    var patience: Duration

    func send(path: String, contentType: String, body: [UInt8]) async -> SendOutcome {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        while true {
            let outcome: SendOutcome
            var wait = Duration.seconds(1)
            var isBusy = false
            do throws(HubClientError) {
                let response = try await hub.request(
                    "POST",
                    path,
                    headers: [
                        HubHeader("Content-Type", contentType), HubHeader("Accept-Language", language.rawValue),
                    ],
                    body: body
                )
                outcome = SendOutcome(response, language: language)
                // An answer that may change by itself; a failing hub is not asked again.
                if case .unreachable = outcome { isBusy = response.status < 500 || response.status == 503 }
                if let seconds = response.header("Retry-After").flatMap({ Int($0) }) {
                    wait = .seconds(max(1, seconds))
                }
            } catch {
                outcome = .unreachable(Failure(error, hub: name, language: language))
            }
            guard isBusy, clock.now + wait < deadline else { return outcome }
            do {
                try await Task.sleep(for: wait)
            } catch {
                return outcome
            }
        }
    }
}
