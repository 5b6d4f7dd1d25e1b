package import Foundation
import NIOConcurrencyHelpers
import NIOCore

/// What a registry has counted since the process started.
package struct ConnectionCounters: Hashable, Sendable {
    /// Sockets open now, handshakes included.
    package var sockets = 0
    /// Peers let in.
    package var admitted = 0
    /// Closed before the handshake because the total limit was reached.
    package var overTotal = 0
    /// Closed before the handshake because their address has too many connections without a certificate.
    package var overAddress = 0
    package var handshakesFailed = 0
    package var handshakesTimedOut = 0
    /// Heads of requests that were not complete in time.
    package var headersTimedOut = 0
    /// Bodies of requests that came too slowly.
    package var bodiesTimedOut = 0
    /// Connections closed because the peer did not take the reply.
    package var stalled = 0
    /// Connections closed by `close(where:)` or `reevaluate`.
    package var closedByHub = 0
    /// Peers refused after the handshake, by reason.
    package var refused: [PeerRejection.Code: Int] = [:]
}

/// All open connections of all listeners: counts them, bounds them, and closes those that have lost their right.
package final class ConnectionRegistry: Sendable {
    package let limits: ConnectionLimits
    let now: @Sendable () -> Date
    private let state = NIOLockedValueBox(State())

    private struct Entry {
        let connection: PeerConnection
        let channel: any Channel
    }

    private struct State {
        var lastID: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
        var bySite: [String: Int] = [:]
        /// Addresses of connections that have shown no certificate, and how many each has.
        var strangers: [ObjectIdentifier: String] = [:]
        var byAddress: [String: Int] = [:]
        var anonymous = 0
        var counters = ConnectionCounters()
    }

    package init(limits: ConnectionLimits = ConnectionLimits(), now: @escaping @Sendable () -> Date = { Date() }) {
        self.limits = limits
        self.now = now
    }

    /// Closes the sockets of all connections that `condition` is true for, without a TLS goodbye; returns how many.
    ///
    /// First change what `Admission` looks at, then call this: a connection that is just being opened is either seen
    /// here or refused there.
    @discardableResult
    package func close(where condition: (PeerConnection) -> Bool) -> Int {
        let entries = state.withLockedValue { Array($0.entries.values) }
        var closed = 0
        for entry in entries where condition(entry.connection) {
            ConnectionGuard.closeNow(entry.channel)
            closed += 1
        }
        if closed > 0 { state.withLockedValue { $0.counters.closedByHub += closed } }
        return closed
    }

    /// Asks `admission` again for every open connection, and closes those that it refuses or whose certificate has run
    /// out; returns how many. Call it when many grants change, and every few seconds for the lifetimes.
    @discardableResult
    package func reevaluate(_ admission: Admission) -> Int {
        let time = now()
        return close { connection in
            guard let identity = connection.identity else { return false }
            return identity.notAfter < time || admission(identity) != nil
        }
    }

    /// The connections that are open now, oldest first.
    package func snapshot() -> [PeerConnection] {
        state.withLockedValue { state in state.entries.values.map(\.connection) }.sorted { $0.id < $1.id }
    }

    package var counters: ConnectionCounters { state.withLockedValue(\.counters) }

    /// How many connections `site` has open.
    package func openConnections(of site: String) -> Int { state.withLockedValue { $0.bySite[site] ?? 0 } }

    func count(_ change: (inout ConnectionCounters) -> Void) { state.withLockedValue { change(&$0.counters) } }

    /// Takes a place for a new socket until it closes; false when all are taken, or all of its address.
    ///
    /// Counted by listener: whoever crowds the console keeps nobody of the same address from the API.
    func takeSocket(_ channel: any Channel, listener: String) -> Bool {
        let key = ObjectIdentifier(channel)
        let address = "\(listener) \(RemoteAddress(channel.remoteAddress).host)"
        let taken = state.withLockedValue { state in
            guard state.counters.sockets < limits.total else {
                state.counters.overTotal += 1
                return false
            }
            guard state.byAddress[address, default: 0] < limits.strangersPerAddress else {
                state.counters.overAddress += 1
                return false
            }
            state.counters.sockets += 1
            state.strangers[key] = address
            state.byAddress[address, default: 0] += 1
            return true
        }
        if taken {
            channel.closeFuture.whenComplete { _ in
                self.state.withLockedValue { state in
                    state.counters.sockets -= 1
                    Self.introduce(key, &state)
                }
            }
        }
        return taken
    }

    /// A connection is a stranger's no longer: its certificate was read, or it has closed.
    private static func introduce(_ key: ObjectIdentifier, _ state: inout State) {
        guard let address = state.strangers.removeValue(forKey: key) else { return }
        let left = (state.byAddress[address] ?? 1) - 1
        state.byAddress[address] = left > 0 ? left : nil
    }

    /// Enters a connection whose handshake is done; it leaves by itself when the channel closes.
    ///
    /// Entered before `admission` is asked, so that a revocation cannot fall between the two.
    func open(
        _ channel: any Channel,
        listener: String,
        identity: PeerIdentity?,
        remote: RemoteAddress,
        admission: Admission
    ) -> (connection: PeerConnection, rejection: PeerRejection?) {
        let openedAt = now()
        let (connection, full) = state.withLockedValue { state -> (PeerConnection, Bool) in
            state.lastID += 1
            let connection = PeerConnection(
                id: state.lastID,
                listener: listener,
                identity: identity,
                remote: remote,
                openedAt: openedAt
            )
            if let site = identity?.principal.site {
                Self.introduce(ObjectIdentifier(channel), &state)
                guard state.bySite[site, default: 0] < limits.perSite else { return (connection, true) }
                state.bySite[site, default: 0] += 1
            } else {
                guard state.anonymous < limits.anonymous else { return (connection, true) }
                state.anonymous += 1
            }
            state.entries[connection.id] = Entry(connection: connection, channel: channel)
            return (connection, false)
        }
        if full { return (connection, refused(PeerRejection(.tooManyConnections))) }
        channel.closeFuture.whenComplete { _ in self.leave(connection.id) }
        if let identity, let rejection = admission(identity) {
            leave(connection.id)
            return (connection, refused(rejection))
        }
        state.withLockedValue { $0.counters.admitted += 1 }
        return (connection, nil)
    }

    /// Counts a peer that is not let in.
    func refused(_ rejection: PeerRejection) -> PeerRejection {
        state.withLockedValue { $0.counters.refused[rejection.code, default: 0] += 1 }
        return rejection
    }

    private func leave(_ id: UInt64) {
        state.withLockedValue { state in
            guard let entry = state.entries.removeValue(forKey: id) else { return }
            guard let site = entry.connection.identity?.principal.site else {
                state.anonymous -= 1
                return
            }
            let left = (state.bySite[site] ?? 1) - 1
            state.bySite[site] = left > 0 ? left : nil
        }
    }
}
