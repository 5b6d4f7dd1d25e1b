/// The order of the queue: stat first; then by deadline (submission plus the limit of its priority); ties by age.
package struct QueueRank: Comparable, Sendable {
    package var isStat: Bool
    package var deadline: Instant
    package var submittedAt: Instant
    package var id: CaseID

    package init(isStat: Bool, deadline: Instant, submittedAt: Instant, id: CaseID) {
        self.isStat = isStat
        self.deadline = deadline
        self.submittedAt = submittedAt
        self.id = id
    }

    package static func < (a: QueueRank, b: QueueRank) -> Bool {
        if a.isStat != b.isStat { return a.isStat }
        if a.deadline != b.deadline { return a.deadline < b.deadline }
        if a.submittedAt != b.submittedAt { return a.submittedAt < b.submittedAt }
        return a.id < b.id
    }
}
