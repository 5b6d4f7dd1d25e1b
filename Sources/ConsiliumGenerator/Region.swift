import ConsiliumCore

/// A county of the invented province, numbered as GB/T 2260 numbers counties; no province has 99.
struct Region: Sendable {
    static let province = "990000"
    static let capital = "980000"

    var code: String
    var name: String
    var population: Int
    /// 1 is the poorest.
    var incomeRank: Int
    var isRemote: Bool
    /// Its people are among those that medical assistance is for.
    var isListed: Bool
    var latitudeE6: Int
    var longitudeE6: Int

    var prefecture: String { String(code.prefix(4)) + "00" }

    private static let first = ["青", "安", "平", "丰", "宁", "云", "石", "林", "江", "沙", "泉", "松", "梅", "龙", "白", "金"]
    private static let second = ["川", "阳", "源", "山", "水", "河", "原", "湖", "岭", "塘", "溪", "关"]

    /// About one county for two primary sites, in prefectures of five.
    static func all(counties: Int, _ chance: inout Chance) -> [Region] {
        var regions: [Region] = (0..<counties)
            .map { index in
                let prefecture = index / 5 + 1
                return Region(
                    code: "99\(padded(prefecture, 2))\(padded(21 + index % 5, 2))",
                    name: first[index % first.count] + second[(index / first.count + index) % second.count] + "县",
                    population: chance.within(120...980) * 1_000,
                    incomeRank: 0,
                    isRemote: chance.happens(250),
                    isListed: false,
                    latitudeE6: 30_000_000 + prefecture % 5 * 700_000 + chance.below(500_000),
                    longitudeE6: 104_000_000 + prefecture / 5 * 800_000 + chance.below(500_000)
                )
            }
        // Remote counties are among the poor ones, most of the time.
        let order = regions.indices.map { (chance.below(1_000) + (regions[$0].isRemote ? 0 : 600), $0) }
            .sorted { $0 < $1 }
        for (rank, (_, index)) in order.enumerated() {
            regions[index].incomeRank = rank + 1
            regions[index].isListed = rank * 5 < regions.count
        }
        return regions
    }
}
