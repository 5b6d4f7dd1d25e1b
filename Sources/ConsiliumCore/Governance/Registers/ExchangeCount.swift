/// Messages of one day, site and format: received, and of these accepted at the first pass.
package struct ExchangeCount: Hashable, Sendable {
    package var site: SiteID
    package var format: ExchangeProfile.Format
    package var received: Int
    package var acceptedAtFirst: Int

    /// More than a day can bring.
    static let most = 1 << 32

    package init(site: SiteID, format: ExchangeProfile.Format, received: Int, acceptedAtFirst: Int) {
        self.site = site
        self.format = format
        self.received = received
        self.acceptedAtFirst = acceptedAtFirst
    }
}

/// Where a site stands on its way into the network.
package struct Onboarding: Hashable, Sendable {
    package var approvedOn: CivilDay
    /// The first conformance pass of any format.
    package var passedOn: CivilDay?
    package var formats: Set<ExchangeProfile.Format>

    /// From approval to the pass.
    package var days: Int? { passedOn.map { $0 - approvedOn } }
}
