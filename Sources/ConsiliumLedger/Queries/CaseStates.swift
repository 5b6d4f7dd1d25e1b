import ConsiliumCore
import Synchronization

/// Folded states of cases that readers ask for again and again, bounded; all are forgotten when it is full.
///
/// Records never change, so the state of a case at a version never does. A state is given out for exactly the version
/// that was asked for; whoever asks says which that is, from the store.
final class CaseStates: Sendable {
    private let states: Mutex<RecentCases<Consultation>>

    init(capacity: Int) { states = Mutex(RecentCases<Consultation>(capacity: capacity)) }

    /// The state of a case at `version`, when it is held.
    func facts(_ id: CaseID, at version: Int) -> Consultation? {
        states.withLock { states in states[id].flatMap { $0.version == version ? $0 : nil } }
    }

    /// A state that was folded before a newer one came does not displace it.
    func keep(_ facts: Consultation) {
        states.withLock { states in
            if let held = states[facts.id], held.version > facts.version { return }
            states[facts.id] = facts
        }
    }
}
