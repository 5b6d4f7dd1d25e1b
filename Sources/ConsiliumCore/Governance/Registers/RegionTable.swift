/// The regions of one year as an official source gives them, adopted by an auditor. A later table of the same year is a
/// new version of it.
package struct RegionTable: Hashable, Sendable, Codable {
    package struct Region: Hashable, Sendable, Codable {
        /// GB/T 2260, six digits.
        package var code: String
        package var population: Int
        /// 1 is the poorest; every rank once.
        package var incomeRank: Int
        package var isRemote: Bool
        /// On the list of counties lifted out of poverty.
        package var isListed: Bool
        /// People with medical-assistance cover, where the source says.
        package var assisted: Int?

        package init(
            code: String,
            population: Int,
            incomeRank: Int,
            isRemote: Bool,
            isListed: Bool,
            assisted: Int? = nil
        ) {
            self.code = code
            self.population = population
            self.incomeRank = incomeRank
            self.isRemote = isRemote
            self.isListed = isListed
            self.assisted = assisted
        }
    }

    package var year: Int
    package var version: String
    package var source: String
    package var regions: [Region]

    package init(year: Int, version: String, source: String, regions: [Region]) {
        self.year = year
        self.version = version
        self.source = source
        self.regions = regions
    }

    package static let most = 4_000

    /// Regions by income, the poorest first.
    package var byIncome: [Region] { regions.sorted { $0.incomeRank < $1.incomeRank } }

    private static let mostPeople = 2_000_000_000

    /// Whether its people can be added up, whoever wrote it.
    var isCountable: Bool {
        regions.count <= Self.most
            && regions.allSatisfy { region in
                (0...Self.mostPeople).contains(region.population)
                    && region.assisted.map { (0...region.population).contains($0) } ?? true
            }
    }

    /// Refuses the first thing that is wrong, naming the region.
    func require() throws(Refusal) {
        guard (1_900...2_200).contains(year) else { throw Refusal(.invalidValue, at: "year") }
        try RegisterText.requireCode(version, at: "version")
        try RegisterText.requireCitation(source, at: "source")
        guard !regions.isEmpty else { throw Refusal(.invalidValue, at: "regions", "none") }
        guard regions.count <= Self.most else { throw Refusal(.tooLarge, at: "regions", "\(Self.most)") }
        var codes: Set<String> = []
        var ranks: [Int: String] = [:]
        for region in regions {
            let code = region.code
            guard code.utf8.count == 6, code.utf8.allSatisfy({ (48...57).contains($0) }) else {
                throw Refusal(.invalidValue, at: "regions.\(code)", "GB/T 2260, six digits")
            }
            guard codes.insert(code).inserted else { throw Refusal(.invalidValue, at: "regions.\(code)", "twice") }
            guard (1...Self.mostPeople).contains(region.population) else {
                throw Refusal(.invalidValue, at: "regions.\(code).population")
            }
            if let assisted = region.assisted, !(0...region.population).contains(assisted) {
                throw Refusal(.invalidValue, at: "regions.\(code).assisted", "0 to its population")
            }
            guard (1...regions.count).contains(region.incomeRank) else {
                throw Refusal(.invalidValue, at: "regions.\(code).incomeRank", "1 to \(regions.count)")
            }
            if let other = ranks.updateValue(code, forKey: region.incomeRank) {
                throw Refusal(.invalidValue, at: "regions.\(code).incomeRank", "that of \(other)")
            }
        }
    }
}
