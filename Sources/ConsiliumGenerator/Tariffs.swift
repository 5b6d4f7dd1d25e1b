import ConsiliumCore

extension Province {
    /// The regions that sites stand in: counties, and the cities above them, which are rich.
    var regionTable: [RegionTable.Region] {
        var table = regions.map { region in
            RegionTable.Region(
                code: region.code,
                population: region.population,
                incomeRank: region.incomeRank,
                isRemote: region.isRemote,
                isListed: region.isListed,
                assisted: region.population * (region.isListed ? 19 : 11) / 100
            )
        }
        let known = Set(table.map(\.code))
        for code in Set(sites.map(\.region)).subtracting(known).sorted() {
            table.append(
                RegionTable.Region(
                    code: code,
                    population: 1_500_000,
                    incomeRank: table.count + 1,
                    isRemote: false,
                    isListed: false,
                    assisted: 90_000
                )
            )
        }
        return table.sorted { $0.code < $1.code }
    }

    /// The company that runs the network's lines, a party to every contract.
    static let operatorParty = "GENERATED-OPERATOR"
    static let investorParty = "GENERATED-INVESTOR"

    /// In fen, by the performing site's tier.
    func fee(of service: ServiceKind, tier: Tier) -> Int {
        let base = [6_000, 12_000, 20_000, 30_000, 50_000][tier.rank]
        switch service {
        case .diagnosisECG: return base / 4
        case .diagnosisImaging: return base / 2
        case .diagnosisPathology, .caseDiscussion: return base * 3 / 2
        case .consultation, .outpatient, .referral: return base
        }
    }

    /// What the network has sites ask of whom it sends: a tenth less.
    func networkFee(of service: ServiceKind, tier: Tier) -> Int { fee(of: service, tier: tier) * 9 / 10 }

    /// By whose tariff it is priced; by nobody's it is a fifth less than the site's. The performing site keeps
    /// seven tenths; the asking site and the company that runs the lines share the rest.
    func price(of service: ServiceKind, by performer: Place, for requester: SiteID, setBy: Pricing.TariffSetter) -> Act
    {
        let gross =
            switch setBy {
            case .site: fee(of: service, tier: performer.tier)
            case .admin: networkFee(of: service, tier: performer.tier)
            case .nobody: fee(of: service, tier: performer.tier) * 8 / 10
            }
        let kept = gross * 7 / 10
        let asking = gross * 15 / 100
        var lines = [Pricing.Line(performer.site, kept), Pricing.Line(requester, asking)]
        if let company = SiteID(Self.operatorParty) { lines.append(Pricing.Line(company, gross - kept - asking)) }
        return .price(gross: gross, lines: lines)
    }
}
