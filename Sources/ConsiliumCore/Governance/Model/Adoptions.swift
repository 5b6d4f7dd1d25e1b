/// That an auditor adopted a version of the model.
package struct Adoption: Hashable, Sendable {
    package var modelVersion: String
    package var by: Principal
    package var at: Instant

    package init(modelVersion: String, by: Principal, at: Instant) {
        self.modelVersion = modelVersion
        self.by = by
        self.at = at
    }

    /// Whether figures of that version for a period that begins at `start` are to be printed as "retrospective": a
    /// version takes effect only for periods that begin after its adoption.
    package func isRetrospective(forPeriodFrom start: Instant) -> Bool { start <= at }
}

/// The versions of the model that auditors adopted, the oldest first. Operators adopt none.
package struct Adoptions: Hashable, Sendable {
    package private(set) var all: [Adoption] = []

    package init() {}

    /// The adoption that `actor` makes of `version`, or the reason why not: only an auditor adopts, and each version once.
    /// Pure.
    package func adopt(_ version: String, by actor: Actor, at now: Instant) throws(Refusal) -> Adoption {
        guard let principal = actor.principal, actor.roles.contains(.auditor) else {
            throw Refusal(.notPermitted, at: nil, Role.auditor.rawValue)
        }
        guard !version.isEmpty else { throw Refusal(.invalidValue, at: "modelVersion") }
        if all.contains(where: { $0.modelVersion == version }) {
            throw Refusal(.wrongState, at: "modelVersion", "adopted already")
        }
        return Adoption(modelVersion: version, by: principal, at: now)
    }

    package mutating func evolve(_ adoption: Adoption) { all.append(adoption) }

    /// What is in force for a period that begins at `start`: the last version adopted before it; nil when there is none,
    /// so that every figure of that period is retrospective.
    package func inForce(forPeriodFrom start: Instant) -> Adoption? {
        all.last { !$0.isRetrospective(forPeriodFrom: start) }
    }
}
