extension Assessment {
    /// The assessment that an opening begins; nil for any other event.
    package init?(_ event: AssessmentEvent, id: TimeOrderedID, at time: Instant) {
        guard case .opened(let opened) = event else { return nil }
        self.init(
            id: id,
            version: 1,
            period: opened.period,
            questionnaireVersion: opened.questionnaireVersion,
            modelVersion: opened.modelVersion,
            state: .rating,
            openedAt: time,
            sheets: [],
            disputed: []
        )
    }

    package mutating func evolve(_ event: AssessmentEvent, sequence: Int, at time: Instant) {
        version = sequence
        switch event {
        case .opened: return
        case .selfDeclared(let principal, let ratings):
            selfDeclaration = SelfDeclaration(by: principal, at: time, ratings: ratings)
        case .rated(let auditor, let rating), .corrected(let auditor, let rating):
            if let index = sheets.firstIndex(where: { $0.auditor == auditor }) {
                sheets[index].ratings[rating.indicator] = rating
            } else {
                sheets.append(
                    Sheet(auditor: auditor, arbitrates: state == .arbitration, ratings: [rating.indicator: rating])
                )
            }
        case .left(let auditor): sheets.removeAll { $0.auditor == auditor }
        case .signed(let auditor):
            guard let index = sheets.firstIndex(where: { $0.auditor == auditor }) else { return }
            sheets[index].signedAt = time
        case .arbitrationOpened(let indicators):
            state = .arbitration
            disputed = indicators
        case .locked:
            state = .locked
            lockedAt = time
        case .abandoned: state = .abandoned
        }
    }
}
