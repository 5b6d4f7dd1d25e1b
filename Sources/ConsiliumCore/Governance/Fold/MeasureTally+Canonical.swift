/// One spelling for each tally: the ledger's canonical encoding, cells in the order of figure, day and stratum.
extension MeasureTally {
    /// Version of the encoding and of what the figures mean.
    package static let encodingVersion = 1

    /// What counts that are kept were made with: counts of another definition are made anew from the events.
    package static let definition = "\(encodingVersion) " + MeasureFigure.ordered.map(\.rawValue).joined(separator: " ")

    package var bytes: [UInt8] {
        let cells = cells.sorted { $0.key < $1.key }
        var writer = CanonicalWriter(capacity: 64 + cells.count * 160)
        writer.object { w in
            w.field("cells", cells) { w, cell in
                w.object { Self.write(cell.key, cell.value, to: &$0) }
            }
            w.field("version", Self.encodingVersion)
        }
        return writer.bytes
    }

    private static func write(_ key: Key, _ counts: Counts, to w: inout CanonicalWriter) {
        w.field("day", key.day.number)
        w.field("denominator", counts.denominator)
        w.field("department", key.stratum.department?.description)
        w.field("figure", key.figure)
        if !counts.histogram.isEmpty {
            w.field("histogram", counts.histogram.sorted { $0.key < $1.key }) { w, bin in
                w.object { w in
                    w.field("count", bin.value)
                    w.field("value", bin.key)
                }
            }
        }
        w.field("numerator", counts.numerator)
        w.field("priority", key.stratum.priority)
        w.field("region", key.stratum.region)
        if !counts.shares.isEmpty {
            w.field("shares", counts.shares.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) { w, part in
                w.object { w in
                    w.field("count", part.value)
                    w.field("of", part.key)
                }
            }
        }
        w.field("site", key.stratum.site.description)
        w.field("tier", key.stratum.tier)
        w.field("undecided", counts.undecided)
    }

    /// Reads what `bytes` wrote. Anything else is an error: an unknown code or field, another version, an empty cell, an
    /// order or spelling that `bytes` does not use.
    package init(_ bytes: [UInt8]) throws(RecordError) {
        self.init()
        let o = try CanonicalObject(bytes)
        let version = try o.integer("version")
        guard version == Int64(Self.encodingVersion) else {
            throw RecordError("a tally of version \(version), which this program does not know")
        }
        var known: Set<Key> = []
        for cell in try o.objects("cells") {
            let key = try Self.key(cell)
            guard known.insert(key).inserted else { throw RecordError("a cell stands twice") }
            add(try Self.counts(cell), to: key)
        }
        guard self.bytes == bytes else { throw RecordError("not the canonical spelling of a tally") }
    }

    private static func key(_ o: CanonicalObject) throws(RecordError) -> Key {
        let site = try o.string("site")
        guard let site = SiteID(site) else { throw RecordError("not an organisation code: \(site)") }
        var department: DepartmentCode?
        if let code = try o.optionalString("department") {
            department = DepartmentCode(code)
            if department == nil { throw RecordError("not a department: \(code)") }
        }
        let stratum = MeasureStratum(
            site: site,
            tier: try o.coded("tier"),
            region: try o.string("region"),
            department: department,
            priority: try o.optionalCoded("priority")
        )
        return Key(try o.coded("figure"), stratum, CivilDay(number: try o.int("day")))
    }

    private static func counts(_ o: CanonicalObject) throws(RecordError) -> Counts {
        var counts = Counts(try o.int("numerator"), of: try o.int("denominator"), undecided: try o.int("undecided"))
        for bin in try o.objects("histogram") { counts.histogram[try bin.int("value")] = try bin.int("count") }
        for part in try o.objects("shares") { counts.shares[try part.string("of")] = try part.int("count") }
        return counts
    }
}

extension MeasureTally.Key: Comparable {
    package static func < (a: MeasureTally.Key, b: MeasureTally.Key) -> Bool {
        if a.figure != b.figure { return precedes(a.figure.rawValue, b.figure.rawValue) }
        if a.day != b.day { return a.day < b.day }
        let (a, b) = (a.stratum, b.stratum)
        if a.site != b.site { return a.site < b.site }
        if a.tier != b.tier { return a.tier < b.tier }
        if a.region != b.region { return precedes(a.region, b.region) }
        if a.department != b.department {
            return precedes(a.department?.description ?? "", b.department?.description ?? "")
        }
        return (a.priority?.rank ?? -1) < (b.priority?.rank ?? -1)
    }

    private static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
}
