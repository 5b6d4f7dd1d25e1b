package import ConsiliumCore

/// A drawn case as whoever rates it again sees it.
extension CaseReader {
    /// Clinical content alone: nothing of who asked, who answered and what, how it ended, and who the patient is. Documents
    /// are left out, because their heads name the hospital.
    package struct RatingView: Sendable {
        package var id: CaseID
        package var department: DepartmentCode?
        package var serviceKind: ServiceKind
        package var priority: Priority
        package var ageBand: AgeBand
        package var sex: Sex
        package var elements: [(element: Element, text: String)]
    }

    /// For experts of the site that is to rate the case (`Governance.isRater`); nil for others, and once the case is rated,
    /// was withdrawn from or voided.
    package func ratingView(_ id: CaseID, as actor: Actor, isRater: Bool, in network: Network) throws -> RatingView? {
        guard isRater, actor.roles.contains(.expert), !actor.roles.contains(.auditor) else { return nil }
        return try store.read { connection in
            let history = try CaseFolder(connection).history(id)
            guard let facts = try Self.fold(history, id), facts.isRatable,
                let requester = network.sites[facts.requester.site]
            else { return nil }
            if try connection.first(Statements.erasure, [.identifier(id)], { $0.time(0) }) != nil {
                throw Refusal(.erased)
            }
            var record = CaseRecord(facts: facts, requester: requester)
            let asked = history.filter { step in
                switch step.event {
                case .submitted, .amended: true
                default: false
                }
            }
            try open(&record, asked, connection)
            return RatingView(
                id: id,
                department: facts.department,
                serviceKind: facts.serviceKind,
                priority: facts.priority,
                ageBand: facts.ageBand,
                sex: facts.sex,
                elements: Element.rating.compactMap { element in
                    record.application?[element].map { (element: element, text: $0) }
                }
            )
        }
    }
}
