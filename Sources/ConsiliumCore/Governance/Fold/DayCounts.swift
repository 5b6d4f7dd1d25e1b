/// One day of one stratum, in the network's civil time: by what the ledger keeps its counts.
package struct StratumDay: Hashable, Sendable {
    package var day: CivilDay
    package var stratum: MeasureStratum

    package init(_ day: CivilDay, _ stratum: MeasureStratum) {
        self.day = day
        self.stratum = stratum
    }
}

/// The counts of all figures of one `StratumDay`, in the order of the figures; nothing in it is zero.
package struct DayCounts: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        let figure: MeasureFigure
        let code: UInt8
        var numerator = 0
        var denominator = 0
        var undecided = 0
        var histogram = CountedValues<Int>()
        var shares = CountedValues<CountedPart>()

        init(code: UInt8) {
            figure = MeasureFigure.ordered[Int(code)]
            self.code = code
        }

        var isZero: Bool {
            numerator == 0 && denominator == 0 && undecided == 0 && histogram.entries.isEmpty && shares.entries.isEmpty
        }

        mutating func add(_ counts: MeasureTally.Counts, times factor: Int) {
            numerator += counts.numerator * factor
            denominator += counts.denominator * factor
            undecided += counts.undecided * factor
            // The order in which values come does not show: each has its place.
            for (value, count) in counts.histogram { histogram.add(count * factor, of: value) }
            for (part, count) in counts.shares { shares.add(count * factor, of: CountedPart(text: part)) }
        }

        mutating func add(_ other: Entry, times factor: Int) {
            numerator += other.numerator * factor
            denominator += other.denominator * factor
            undecided += other.undecided * factor
            histogram.add(other.histogram, times: factor)
            shares.add(other.shares, times: factor)
        }

        func add(to counts: inout MeasureTally.Counts) {
            counts.numerator += numerator
            counts.denominator += denominator
            counts.undecided += undecided
            for (value, count) in histogram.entries { counts.addObservations(count, of: value) }
            for (part, count) in shares.entries { counts.addShare(count, of: part.text) }
        }
    }

    var entries: [Entry] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    package mutating func add(_ counts: MeasureTally.Counts, to figure: MeasureFigure, times factor: Int = 1) {
        change(figure.code) { $0.add(counts, times: factor) }
    }

    package mutating func add(_ other: DayCounts, times factor: Int = 1) {
        for entry in other.entries { change(entry.code) { $0.add(entry, times: factor) } }
    }

    /// Neither its values nor its parts.
    mutating func addNumbers(of other: DayCounts) {
        for entry in other.entries {
            change(entry.code) { sum in
                sum.numerator += entry.numerator
                sum.denominator += entry.denominator
                sum.undecided += entry.undecided
            }
        }
    }

    private mutating func change(_ code: UInt8, _ body: (inout Entry) -> Void) {
        var index = 0
        while index < entries.count, entries[index].code < code { index += 1 }
        if index == entries.count || entries[index].code != code { entries.insert(Entry(code: code), at: index) }
        body(&entries[index])
        if entries[index].isZero { entries.remove(at: index) }
    }

    /// Zero where the figure counts nothing.
    package func counts(of figure: MeasureFigure) -> MeasureTally.Counts {
        var counts = MeasureTally.Counts()
        add(figure, to: &counts)
        return counts
    }

    /// The denominators of the figures that mark a fact type; see `MeasureFold.markers`.
    package func forEachMarking(_ body: (MeasureFigure, Int) -> Void) {
        for index in entries.indices where entries[index].figure.isMarking {
            if entries[index].denominator != 0 { body(entries[index].figure, entries[index].denominator) }
        }
    }

    /// Adds what `figure` counts here.
    func add(_ figure: MeasureFigure, to counts: inout MeasureTally.Counts) {
        if let index = index(of: figure) { entries[index].add(to: &counts) }
    }

    /// Looks at the codes alone: an entry is not copied to be passed over.
    func index(of figure: MeasureFigure) -> Int? {
        let code = figure.code
        for index in entries.indices where entries[index].code >= code {
            return entries[index].code == code ? index : nil
        }
        return nil
    }
}

/// How often each value was counted, in the order of the values; none of them never.
struct CountedValues<Value: Comparable & Hashable & Sendable>: Sendable {
    private(set) var entries: [(value: Value, count: Int)] = []

    mutating func add(_ count: Int, of value: Value) {
        guard count != 0 else { return }
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].value < value { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].value == value else {
            entries.insert((value, count), at: low)
            return
        }
        entries[low].count += count
        if entries[low].count == 0 { entries.remove(at: low) }
    }

    mutating func add(_ other: CountedValues, times factor: Int) {
        if entries.isEmpty, factor == 1 {
            self = other
        } else {
            for (value, count) in other.entries { add(count * factor, of: value) }
        }
    }

    /// Only after all that are there; false when it is not.
    mutating func append(_ value: Value, _ count: Int) -> Bool {
        guard count != 0, entries.last.map({ $0.value < value }) ?? true else { return false }
        entries.append((value, count))
        return true
    }
}

extension CountedValues: Hashable {
    static func == (a: Self, b: Self) -> Bool { a.entries.elementsEqual(b.entries) { $0 == $1 } }

    func hash(into hasher: inout Hasher) {
        for (value, count) in entries {
            hasher.combine(value)
            hasher.combine(count)
        }
    }
}

/// A part of a whole, in the order of its bytes.
struct CountedPart: Hashable, Comparable, Sendable {
    var text: String

    static func < (a: CountedPart, b: CountedPart) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
}

extension MeasureFigure {
    /// In the order of their names; the place is what a row of counts is written with.
    static let ordered = allCases.sorted { $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8) }

    /// By the place among `allCases`, which is what a case is in memory.
    private static let codes = allCases.map { figure in UInt8(ordered.firstIndex(of: figure) ?? 255) }

    private static let marks = ordered.map { MeasureFold.marking.contains($0) }

    /// Whether its first count tells that facts of a type have come; see `MeasureFold.markers`.
    package var isMarking: Bool { Self.marks[Int(code)] }

    var code: UInt8 { Self.codes[withUnsafeBytes(of: self) { Int($0[0]) }] }
}

extension StratumDay: Comparable {
    /// By day, then by the bytes of what the ledger's row has in its columns.
    package static func < (a: StratumDay, b: StratumDay) -> Bool {
        if a.day != b.day { return a.day < b.day }
        let (x, y) = (a.stratum, b.stratum)
        func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
        if x.site != y.site { return precedes(x.site.description, y.site.description) }
        if x.tier != y.tier { return precedes(x.tier.rawValue, y.tier.rawValue) }
        if x.region != y.region { return precedes(x.region, y.region) }
        if x.department != y.department {
            return precedes(x.department?.description ?? "", y.department?.description ?? "")
        }
        return precedes(x.priority?.rawValue ?? "", y.priority?.rawValue ?? "")
    }
}

extension MeasureStratum {
    /// Site, tier, region, department and priority as text; empty where there is none.
    package var columns: [String] {
        [site.description, tier.rawValue, region, department?.description ?? "", priority?.rawValue ?? ""]
    }

    /// What `columns` wrote; nil for anything else.
    package init?(site: String, tier: String, region: String, department: String, priority: String) {
        guard let site = SiteID(site), let tier = Tier(rawValue: tier) else { return nil }
        let code = DepartmentCode(department)
        let rank = Priority(rawValue: priority)
        guard department.isEmpty || code?.description == department, priority.isEmpty || rank != nil else { return nil }
        self.init(site: site, tier: tier, region: region, department: code, priority: rank)
    }
}
