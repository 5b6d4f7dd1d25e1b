import Testing

@testable import ConsiliumCore

@Suite struct GovernanceDayCountsTests {
    private static func some() -> DayCounts {
        var counts = DayCounts()
        counts.add(.init(3, of: 5, undecided: 1, histogram: [0: 2, 700: 1, 12: 1]), to: .emergencies)
        counts.add(.init(of: 2, shares: ["b": 1, "é": 3, "a": -1]), to: .experts)
        counts.add(.init(-4, of: -90_000), to: .slotMinutes)
        counts.add(.init(histogram: [-3: 1, .max: 1]), to: .wait)
        return counts
    }

    @Test("Counts are read back from their bytes, and equal counts have equal bytes in whatever order they were added")
    func roundTrip() throws {
        let counts = Self.some()
        #expect(try DayCounts(counts.bytes) == counts)
        var other = DayCounts()
        other.add(.init(histogram: [.max: 1]), to: .wait)
        other.add(.init(-4, of: -90_000), to: .slotMinutes)
        other.add(.init(of: 2, shares: ["a": -1, "é": 3]), to: .experts)
        other.add(.init(3, of: 5, undecided: 1, histogram: [700: 1]), to: .emergencies)
        other.add(.init(histogram: [12: 1, 0: 2]), to: .emergencies)
        other.add(.init(shares: ["b": 1]), to: .experts)
        other.add(.init(histogram: [-3: 1]), to: .wait)
        #expect(other == counts && other.bytes == counts.bytes)
        #expect(other.counts(of: .emergencies).histogram == [0: 2, 12: 1, 700: 1])
        #expect(other.counts(of: .experts).shares == ["a": -1, "b": 1, "é": 3])
        #expect(other.counts(of: .requests) == MeasureTally.Counts())
        #expect(try DayCounts([]) == DayCounts())
    }

    @Test("What is added and taken away again leaves nothing")
    func cancelled() {
        var counts = Self.some()
        counts.add(Self.some(), times: -2)
        counts.add(Self.some())
        #expect(counts.isEmpty && counts.bytes.isEmpty)
        counts.add(.init(), to: .requests)
        #expect(counts.isEmpty)
    }

    @Test("Every figure has a place of its own, in the order of the names")
    func places() {
        #expect(Set(MeasureFigure.allCases.map(\.code)).count == MeasureFigure.allCases.count)
        #expect(MeasureFigure.ordered.map(\.code) == (0..<MeasureFigure.allCases.count).map { UInt8($0) })
        let names = MeasureTally.definition.split(separator: " ").dropFirst().map { String($0) }
        #expect(names == MeasureFigure.allCases.map(\.rawValue).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    @Test("Any prefix of the bytes, and any other spelling, is refused or says something else")
    func refused() {
        let counts = Self.some()
        let bytes = counts.bytes
        for length in 1..<bytes.count {
            let part = try? DayCounts(Array(bytes.prefix(length)))
            #expect(part?.bytes != bytes)
        }
        for index in bytes.indices {
            for bit in 0..<8 {
                var wrong = bytes
                wrong[index] ^= 1 << bit
                // What is read at all is written as it was read: no two spellings of one value.
                if let read = try? DayCounts(wrong) { #expect(read.bytes == wrong && read != counts) }
            }
        }
        let figure = MeasureFigure.requests.code
        for wrong in [
            [255, 2, 2, 0, 0, 0], [figure, 0, 0, 0, 0, 0], [figure, 0x82, 0, 2, 0, 0, 0],
            [figure, 2, 2, 0, 1, 2, 2, 0], [figure, 2, 2, 0, 2, 2, 0, 0], [figure, 2, 2, 0, 0, 2, 2, 0xFF, 2],
            [figure, 2, 2, 0, 0, 0, figure, 2, 2, 0, 0, 0], [figure, 2],
            [figure] + [UInt8](repeating: 0xFF, count: 11), [figure, 2, 2, 0, 0, 126],
        ] as [[UInt8]] { #expect(throws: RecordError.self, "\(wrong)") { try DayCounts(wrong) } }
    }

    @Test("Rows stand in the order of the day and the bytes of their columns, and are read back from them")
    func rows() {
        let day = CivilDay(2026, 3, 2)
        let cardiology = DepartmentCode("0304")
        func row(_ day: CivilDay, _ site: String, _ tier: Tier, _ region: String, _ priority: Priority?) -> StratumDay {
            let stratum = MeasureStratum(
                site: SiteID(site)!,
                tier: tier,
                region: region,
                department: cardiology,
                priority: priority
            )
            return StratumDay(day, stratum)
        }
        let rows = [
            row(CivilDay(2026, 3, 1), "9", .primary, "421125", .stat), row(day, "A", .county, "421125", nil),
            row(day, "a", .county, "421125", nil), row(day, "a", .county, "421125", .routine),
            row(day, "a", .county, "421126", nil), row(day, "a", .municipal, "1", nil),
        ]
        #expect(rows.reversed().sorted() == rows)
        for row in rows {
            let columns = row.stratum.columns
            #expect(
                MeasureStratum(
                    site: columns[0],
                    tier: columns[1],
                    region: columns[2],
                    department: columns[3],
                    priority: columns[4]
                ) == row.stratum
            )
        }
        for wrong in [
            ["", "county", "4", "", ""], ["a", "village", "4", "", ""], ["a", "county", "4", "03.04", ""],
            ["a", "county", "4", "99", ""], ["a", "county", "4", "", "soon"],
        ] {
            let stratum = MeasureStratum(
                site: wrong[0],
                tier: wrong[1],
                region: wrong[2],
                department: wrong[3],
                priority: wrong[4]
            )
            #expect(stratum == nil, "\(wrong)")
        }
    }
}
