import ConsiliumCore
import NIOConcurrencyHelpers

/// How many messages came from each site in each format, and how many of them were taken at the first pass (IE1).
///
/// Refused messages leave no record of their own, so the sums are put on record every quarter of an hour and when the hub
/// stops; a crash loses those since the last.
final class ExchangeLog: Sendable {
    private struct Key: Hashable {
        var day: CivilDay
        var site: SiteID
        var format: ExchangeProfile.Format
    }

    private struct Sum {
        var received = 0
        var acceptedAtFirst = 0
    }

    private let sums = NIOLockedValueBox<[Key: Sum]>([:])

    func note(_ site: SiteID, _ format: ExchangeProfile.Format, isAccepted: Bool, on day: CivilDay) {
        sums.withLockedValue { sums in
            let key = Key(day: day, site: site, format: format)
            sums[key, default: Sum()].received += 1
            if isAccepted { sums[key, default: Sum()].acceptedAtFirst += 1 }
        }
    }

    /// What is to be put on record, the oldest day first.
    func take() -> [(day: CivilDay, counts: [ExchangeCount])] {
        let taken = sums.withLockedValue { sums in
            defer { sums = [:] }
            return sums
        }
        var days: [CivilDay: [ExchangeCount]] = [:]
        for (key, sum) in taken {
            days[key.day, default: []]
                .append(
                    ExchangeCount(
                        site: key.site,
                        format: key.format,
                        received: sum.received,
                        acceptedAtFirst: sum.acceptedAtFirst
                    )
                )
        }
        return days.sorted { $0.key < $1.key }
            .map { day, counts in
                (day, counts.sorted { ($0.site, $0.format.rawValue) < ($1.site, $1.format.rawValue) })
            }
    }

    /// Gives back what could not be put on record.
    func restore(_ counts: [ExchangeCount], on day: CivilDay) {
        sums.withLockedValue { sums in
            for count in counts {
                let key = Key(day: day, site: count.site, format: count.format)
                sums[key, default: Sum()].received += count.received
                sums[key, default: Sum()].acceptedAtFirst += count.acceptedAtFirst
            }
        }
    }
}

extension Hub {
    /// Counts a message that came from `site`; one that the hub had no room for says nothing of the exchange and is not
    /// counted.
    func exchanged(_ site: SiteID, _ format: ExchangeProfile.Format, isAccepted: Bool) {
        exchanges.note(site, format, isAccepted: isAccepted, on: governance.state.day(clock.now()))
    }
}
