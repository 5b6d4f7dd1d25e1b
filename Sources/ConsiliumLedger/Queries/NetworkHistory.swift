package import ConsiliumCore
import Synchronization

/// The network as it stood when something was decided.
///
/// The states that were asked for last are held, and a later one is folded forward from the nearest before it: the
/// network's one stream grows with every change of a channel. Records never change, so a state that is held stays right.
package final class NetworkHistory: Sendable {
    private struct Held {
        var network: Network
        /// Number of the look at which it was last of use.
        var look: Int
    }

    private struct State {
        var byPosition: [Int: Held] = [:]
        var looks = 0
    }

    private let store: Store
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - capacity: states held; the one that was of use longest ago makes room.
    package init(store: Store, capacity: Int = 16) {
        self.store = store
        self.capacity = capacity
    }

    /// The network at `position`, or at its end when that comes before.
    package func network(at position: Int) throws -> Network {
        var network = nearest(to: position) ?? Network(name: "")
        guard network.version < position else { return network }
        try store.read { connection in
            try connection.query(
                Statements.recordsOfKind,
                [
                    .int(StreamKind.network.number), .identifier(StreamID.network.id), .int(network.version),
                    .int(position - network.version),
                ]
            ) { row in
                let (header, facts) = try RecordHeader.decode(row.blob(2))
                network.evolve(
                    try NetworkEvent(type: header.type, facts: facts),
                    sequence: header.sequence,
                    at: header.time
                )
            }
        }
        keep(network)
        return network
    }

    private func nearest(to position: Int) -> Network? {
        state.withLock { state in
            guard let nearest = state.byPosition.keys.filter({ $0 <= position }).max() else { return nil }
            state.looks += 1
            state.byPosition[nearest]?.look = state.looks
            return state.byPosition[nearest]?.network
        }
    }

    private func keep(_ network: Network) {
        state.withLock { state in
            if state.byPosition[network.version] == nil, state.byPosition.count >= capacity,
                let oldest = state.byPosition.min(by: { $0.value.look < $1.value.look })?.key
            {
                state.byPosition[oldest] = nil
            }
            state.looks += 1
            state.byPosition[network.version] = Held(network: network, look: state.looks)
        }
    }
}
