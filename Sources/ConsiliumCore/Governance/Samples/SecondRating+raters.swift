/// Who rates the appropriate tier of drawn cases again.
extension Sample {
    /// A drawn case as the ledger knows it: what the choice of its rater rests on.
    package struct Drawn: Sendable, Equatable {
        package var caseID: CaseID
        package var department: DepartmentCode?
        /// The requester, whoever sent for it, and every site that was asked.
        package var involved: Set<SiteID>
        /// To whom the patient allowed disclosure; nil: any member site.
        package var scope: [SiteID]?

        package init(_ caseID: CaseID) {
            self.caseID = caseID
            involved = []
        }

        package init(_ facts: Consultation) {
            caseID = facts.id
            department = facts.department
            involved = Set([facts.requester.site, facts.via].compactMap { $0 } + facts.offers.map(\.place.site))
            scope = facts.consent.scope
        }
    }

    /// That the experts of a site are to rate a case.
    package struct Rater: Hashable, Sendable, Codable {
        package var caseID: CaseID
        package var site: SiteID

        package init(caseID: CaseID, site: SiteID) {
            self.caseID = caseID
            self.site = site
        }
    }

    /// How long a site has for its rating, and sees the case.
    package static let ratingLimit = Span.days(30)
}

/// A rating that was asked of a site.
package struct SecondRatingTask: Hashable, Sendable {
    package var site: SiteID
    package var assignedAt: Instant

    package var due: Instant { assignedAt + Sample.ratingLimit }
}

extension GovernanceDesk {
    /// One site for each case, by the secret alone, so that anybody can choose again: of the active sites with experts
    /// that had nothing to do with the case (the coordination office may have had, with any) and that its consent
    /// allows, those that take its department (all of them where there is none), and of these the ones with the fewest
    /// cases so far, in the order of their codes, the one that `SplitMix64` draws. It starts from the secret's first 8
    /// bytes with all bits turned; cases come in the order drawn. A case for which there is no such site has no rater.
    func raters(of drawn: [Sample.Drawn], seed: UInt64) -> [Sample.Rater] {
        var random = SplitMix64(seed: ~seed)
        let staffed = Set(
            network.members.values
                .filter { member in
                    member.revokedAt == nil && member.principal.kind == .operator
                        && member.roles.contains(.expert) && !member.roles.contains(.auditor)
                }
                .map(\.principal.site)
        )
        let active = network.sites.values
            .filter { $0.status == .active && !$0.isCoordinationOffice && staffed.contains($0.id) }
            .map(\.id).sorted()
        var asked: [SiteID: Int] = [:]
        var raters: [Sample.Rater] = []
        for item in drawn {
            let free = active.filter { !item.involved.contains($0) && item.scope?.contains($0) ?? true }
            let able = Set(item.department.map { network.candidates(for: $0).map(\.id) } ?? [])
            let skilled = free.filter(able.contains)
            let candidates = skilled.isEmpty ? free : skilled
            guard let fewest = candidates.map({ asked[$0, default: 0] }).min() else { continue }
            let even = candidates.filter { asked[$0, default: 0] == fewest }
            let site = even[random.index(below: even.count)]
            asked[site, default: 0] += 1
            raters.append(Sample.Rater(caseID: item.caseID, site: site))
        }
        return raters
    }
}

extension Governance {
    /// Whether experts of `site` are to rate that case now.
    package func isRater(_ site: SiteID, of id: CaseID, at now: Instant) -> Bool {
        secondRatings[id].map { $0.site == site && now < $0.due } ?? false
    }

    /// What `site` is to rate now, the oldest first; what has been rated already says the case.
    package func ratings(askedOf site: SiteID, at now: Instant) -> [(caseID: CaseID, task: SecondRatingTask)] {
        secondRatings.filter { $0.value.site == site && now < $0.value.due }
            .map { (caseID: $0.key, task: $0.value) }
            .sorted { ($0.task.assignedAt, $0.caseID) < ($1.task.assignedAt, $1.caseID) }
    }
}
