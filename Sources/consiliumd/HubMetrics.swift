import ConsiliumLedger
import ConsiliumTransport
import NIOConcurrencyHelpers

/// Every metric of the hub, by name; labels come from closed sets.
final class HubMetrics: Sendable {
    private struct State {
        var requests: [Request: Int] = [:]
        var messages: [Message: Int] = [:]
        var deliveries: [String: Int] = [:]
    }

    struct Request: Hashable {
        var door: String
        var status: Int
    }

    struct Message: Hashable {
        var format: String
        var outcome: String
    }

    private let state = NIOLockedValueBox(State())

    func request(_ door: String, status: Int) {
        state.withLockedValue { $0.requests[Request(door: door, status: status), default: 0] += 1 }
    }

    func message(_ format: String, outcome: String) {
        state.withLockedValue { $0.messages[Message(format: format, outcome: outcome), default: 0] += 1 }
    }

    func delivery(_ outcome: String) { state.withLockedValue { $0.deliveries[outcome, default: 0] += 1 } }

    /// Prometheus text exposition format 0.0.4.
    func exposition(_ hub: Hub) -> String {
        var text = ""
        func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for sample in samples { text += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        let state = state.withLockedValue { $0 }
        family(
            "consilium_http_requests_total",
            "counter",
            "Requests answered, by door and status.",
            state.requests.map { ("{door=\"\($0.key.door)\",status=\"\($0.key.status)\"}", $0.value) }
                .sorted { $0.0 < $1.0 }
        )
        family(
            "consilium_messages_total",
            "counter",
            "Messages received, by format and outcome.",
            state.messages.map { ("{format=\"\($0.key.format)\",outcome=\"\($0.key.outcome)\"}", $0.value) }
                .sorted { $0.0 < $1.0 }
        )
        family(
            "consilium_delivery_outcomes_total",
            "counter",
            "Deliveries tried, by outcome.",
            state.deliveries.map { ("{outcome=\"\($0.key)\"}", $0.value) }.sorted { $0.0 < $1.0 }
        )
        let figures = hub.ledger.figures
        family("consilium_ledger_groups_total", "counter", "Commit groups.", [("", figures.groups)])
        family("consilium_ledger_inputs_total", "counter", "Inputs decided.", [("", figures.inputs)])
        family("consilium_ledger_refusals_total", "counter", "Inputs refused.", [("", figures.refused)])
        family(
            "consilium_ledger_failures_total",
            "counter",
            "Inputs failed by the store.",
            [("", figures.storeFailures)]
        )
        family("consilium_ledger_busy_total", "counter", "Inputs turned away as busy.", [("", figures.busy)])
        family("consilium_ledger_queue", "gauge", "Inputs waiting for their turn.", [("", hub.ledger.queueDepth)])
        family(
            "consilium_ledger_commits_total",
            "counter",
            "Durable commits; each is one sync of the write-ahead log.",
            [("", hub.ledger.store.counters.commits)]
        )
        let connections = hub.connections.counters
        family("consilium_connections", "gauge", "Open connections.", [("", connections.sockets)])
        family(
            "consilium_handshakes_failed_total",
            "counter",
            "TLS handshakes that failed.",
            [("", connections.handshakesFailed)]
        )
        family(
            "consilium_bodies_too_slow_total",
            "counter",
            "Requests ended because their body came too slowly.",
            [("", connections.bodiesTimedOut)]
        )
        family(
            "consilium_peers_refused_total",
            "counter",
            "Peers refused after the handshake, by reason.",
            connections.refused.map { ("{reason=\"\($0.key.rawValue)\"}", $0.value) }.sorted { $0.0 < $1.0 }
        )
        return text
    }
}
