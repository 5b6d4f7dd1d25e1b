import NIOConcurrencyHelpers

/// The ports that the listeners have.
struct BoundPorts: Sendable, Equatable {
    var api: Int
    var console: Int
    var mllp: Int
    var ops: Int
}

/// The ports that the listeners are to have, and have once they are bound.
final class PortsBox: Sendable {
    private struct State {
        var ports: BoundPorts
        var bound: Set<String> = []
    }

    private let state: NIOLockedValueBox<State>

    init(_ ports: BoundPorts) { state = NIOLockedValueBox(State(ports: ports)) }

    var value: BoundPorts { state.withLockedValue { $0.ports } }

    /// Notes that `listener` is bound; true for the one that completes the four.
    func bind(_ listener: any WritableKeyPath<BoundPorts, Int> & Sendable, _ name: String, to port: Int) -> Bool {
        state.withLockedValue { state in
            state.ports[keyPath: listener] = port
            let wasComplete = state.bound.count == 4
            state.bound.insert(name)
            return !wasComplete && state.bound.count == 4
        }
    }
}
