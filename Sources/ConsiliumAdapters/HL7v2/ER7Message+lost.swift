package import ConsiliumCore

extension ER7Message {
    private static let lostLimit = 500

    /// What is filled and no accessor read: `ZPI-4`, `PID-13`, `OBX[2]-5`; a repetition `PID-3[2]` or a component
    /// `PID-3.6` where the rest of the field was read.
    ///
    /// A list of more than 500 places ends with how many there are besides.
    package func lost() -> [LostField] {
        var found: [LostField] = []
        var total = 0
        for index in segments.indices.dropFirst() {
            let segment = ER7Segment(self, index)
            var place: String?
            for field in stride(from: 1, through: segments[index].count, by: 1) {
                for suffix in unread(segment, field) {
                    total += 1
                    guard total <= Self.lostLimit else { continue }
                    let prefix = place ?? self.place(of: index)
                    place = prefix
                    found.append(LostField(path: "\(prefix)-\(field)\(suffix)"))
                }
            }
        }
        if total > Self.lostLimit { found.append(LostField(path: "and \(total - Self.lostLimit) more")) }
        return found
    }

    /// Suffixes of what is unread in one field: `""` for all of it.
    private func unread(_ segment: ER7Segment, _ field: Int) -> [String] {
        guard let slot = segment.slot(field) else { return [] }
        let mark = marks[slot]
        if mark == UInt64.max { return [] }
        let whole = segment.bounds(slot: slot)
        if whole.isEmpty || segment.isBlank(whole) { return [] }
        if mark == 0 { return [""] }
        var found: [String] = []
        var missing = Set<Int>()
        let repetitions = split(whole, at: delimiters.repetition)
        for (number, repetition) in repetitions.enumerated() where !segment.isBlank(repetition) {
            guard mark & (UInt64(1) << UInt64(32 + min(number, 31))) != 0 else {
                found.append(repetitions.count > 1 ? "[\(number + 1)]" : "")
                continue
            }
            if mark & 1 != 0 { continue }
            for (component, range) in split(repetition, at: delimiters.component).enumerated()
            where !segment.isBlank(range) && mark & (UInt64(1) << UInt64(min(component + 1, 31))) == 0 {
                if missing.insert(component + 1).inserted { found.append(".\(component + 1)") }
            }
        }
        return found
    }

    private func split(_ range: Range<Int>, at delimiter: UInt8) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        for i in range where bytes[i] == delimiter {
            parts.append(start..<i)
            start = i + 1
        }
        parts.append(start..<range.upperBound)
        return parts
    }
}
