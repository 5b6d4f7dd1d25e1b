import ConsiliumCore

/// Writes what the projections say of one case: from the state before a command to the state after it, or from nothing
/// when rebuilding. Rows fold one stream; loads are sums, so that the interleaving of streams never shows.
struct Projector {
    let connection: any SQLConnection

    /// - Returns: the changes of load, for the figures held in memory.
    func project(from old: Consultation?, to new: Consultation) throws -> [LoadChange] {
        try connection.execute(
            Statements.putCase,
            [
                .identifier(new.id), .text(new.requester.site.description), .text(new.phase.rawValue),
                .int(new.priority.rank), .optional(new.department?.description), .time(new.submittedAt),
                .time(new.updatedAt), .time(new.deadline), .int(new.version),
                .optional(new.acceptedOffer?.place.site.description),
            ]
        )
        try putOffers(from: old, to: new)
        try putTimer(from: old, to: new)
        return LoadChange.between(old, new)
    }

    private func putOffers(from old: Consultation?, to new: Consultation) throws {
        let before = old?.offers ?? []
        // An accepted offer is written last, so that the unique index speaks of the final state.
        let changed = new.offers.filter { offer in !before.contains(offer) }
        for offer in changed.sorted(by: {
            ($0.state == .accepted ? 1 : 0, $0.number) < ($1.state == .accepted ? 1 : 0, $1.number)
        }) {
            try connection.execute(
                Statements.putOffer,
                [
                    .identifier(new.id), .int(offer.number), .text(offer.place.site.description),
                    .text(offer.state.rawValue), .text(offer.department.description), .time(offer.offeredAt),
                    .time(offer.leaseDue), .optional(offer.endedAt), .int(offer.version),
                ]
            )
        }
    }

    /// One row a case: its earliest timer.
    private func putTimer(from old: Consultation?, to new: Consultation) throws {
        let next = new.nextTimer
        if next == old?.nextTimer { return }
        if let next {
            try connection.execute(
                Statements.putTimer,
                [
                    .identifier(new.id), .time(next.due), .text(next.kind.rawValue), .int(next.ordinal),
                    .int(next.armedBy),
                ]
            )
        } else {
            try connection.execute(Statements.deleteTimer, [.identifier(new.id)])
        }
    }

    func apply(_ changes: [LoadChange]) throws {
        for change in changes {
            let key: [SQLValue] = [.text(change.site.description), .text(change.department.description)]
            if change.reserved >= 0, change.offered >= 0 {
                try connection.execute(Statements.changeLoad, key + [.int(change.reserved), .int(change.offered)])
            } else {
                try connection.execute(Statements.touchLoad, key)
                try connection.execute(Statements.releaseLoad, key + [.int(-change.reserved), .int(-change.offered)])
            }
        }
    }
}

/// How a command changes the load of one department at one site.
struct LoadChange: Equatable {
    var site: SiteID
    var department: DepartmentCode
    var reserved: Int
    var offered: Int

    static func between(_ old: Consultation?, _ new: Consultation) -> [LoadChange] {
        var changes: [LoadChange] = []
        func add(_ offer: Offer, reserved: Int, offered: Int) {
            let site = offer.place.site
            if let index = changes.firstIndex(where: { $0.site == site && $0.department == offer.department }) {
                changes[index].reserved += reserved
                changes[index].offered += offered
            } else {
                changes.append(
                    LoadChange(site: site, department: offer.department, reserved: reserved, offered: offered)
                )
            }
        }
        for offer in old?.offers ?? [] {
            if offer.state == .live { add(offer, reserved: 0, offered: -1) }
        }
        if let old, old.holdsCapacity, let offer = old.acceptedOffer { add(offer, reserved: -1, offered: 0) }
        for offer in new.offers where offer.state == .live { add(offer, reserved: 0, offered: 1) }
        if new.holdsCapacity, let offer = new.acceptedOffer { add(offer, reserved: 1, offered: 0) }
        return changes.filter { $0.reserved != 0 || $0.offered != 0 }
    }
}

extension Consultation {
    /// Accepted and unreported.
    var holdsCapacity: Bool { phase == .accepted || phase == .inSession }

    /// The timer that is due first; ties by kind and ordinal, so that a rebuild writes the same row.
    var nextTimer: CaseTimer? {
        timers.min {
            ($0.due.milliseconds, $0.kind.rawValue, $0.ordinal) < ($1.due.milliseconds, $1.kind.rawValue, $1.ordinal)
        }
    }
}

/// Which messages an event causes, to whom.
enum DeliveryPlan {
    static func deliveries(of event: Event, in facts: Consultation) -> [(site: SiteID, kind: DeliveryKind)] {
        let requester = facts.requester.format == .hl7v2 ? facts.requester.site : nil
        switch event {
        case .offered(let offered):
            return offered.invitations.filter { $0.place.format == .hl7v2 }.map { ($0.place.site, .referral) }
        case .accepted: return requester.map { [($0, .accepted)] } ?? []
        case .unroutable(let unroutable) where unroutable.reason == .exhausted:
            return requester.map { [($0, .declined)] } ?? []
        case .reported: return requester.map { [($0, .report)] } ?? []
        case .closed: return requester.map { [($0, .closed)] } ?? []
        default: return []
        }
    }
}

/// What `message_keys` remembers beside the case; what a repeated message is answered with.
enum StoredOutcome {
    static func text(_ events: [Event], _ facts: Consultation) -> String {
        for event in events {
            switch event {
            case .submitted:
                return facts.phase == .infoNeeded && facts.gaps.contains(.mapping) ? "held" : "accepted"
            case .joined: return "joined"
            case .amended(let amended): return "amended " + amended.changed.names.joined(separator: ",")
            default: break
            }
        }
        return events.first?.type ?? "done"
    }
}
