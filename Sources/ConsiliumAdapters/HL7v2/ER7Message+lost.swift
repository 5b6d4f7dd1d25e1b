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
                let slot = segments[index].first + field - 1
                if marks[slot] == UInt64.max || starts[slot + 1] - starts[slot] <= 1 { continue }
                for suffix in unread(segment, slot) {
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

    /// Suffixes of what is unread in one field that is filled: `""` for all of it.
    private func unread(_ segment: ER7Segment, _ slot: Int) -> [String] {
        let mark = marks[slot]
        let whole = segment.bounds(slot: slot)
        // Nothing read: at most components were called known.
        if mark >> 32 == 0 { return segment.isBlank(whole) ? [] : [""] }
        if mark & 1 != 0, mark >> 33 == 0, !contains(delimiters.repetition, in: whole) { return [] }
        if isPlain(whole) { return mark & 3 != 0 || segment.isBlank(whole) ? [] : [""] }
        var found: [String] = []
        var missing: UInt64 = 0
        var repetition = 0
        var start = whole.lowerBound
        while start <= whole.upperBound {
            let end = next(delimiters.repetition, from: start, to: whole.upperBound)
            defer {
                start = end + 1
                repetition += 1
            }
            if segment.isBlank(start..<end) { continue }
            guard mark & (UInt64(1) << UInt64(32 + min(repetition, 31))) != 0 else {
                found.append("[\(repetition + 1)]")
                continue
            }
            if mark & 1 == 0 { missing |= unreadComponents(segment, start..<end, mark) }
        }
        for component in 1..<32 where missing & (UInt64(1) << UInt64(component)) != 0 { found.append(".\(component)") }
        return found
    }

    /// Bits of the filled components whose mark is not set.
    private func unreadComponents(_ segment: ER7Segment, _ range: Range<Int>, _ mark: UInt64) -> UInt64 {
        var missing: UInt64 = 0
        var component = 1
        var start = range.lowerBound
        while start <= range.upperBound {
            let end = next(delimiters.component, from: start, to: range.upperBound)
            let bit = UInt64(1) << UInt64(min(component, 31))
            if mark & bit == 0, end > start, !segment.isBlank(start..<end) { missing |= bit }
            component += 1
            start = end + 1
        }
        return missing
    }

    /// One repetition of one component.
    private func isPlain(_ range: Range<Int>) -> Bool {
        bytes.withUnsafeBufferPointer { p in
            for i in range where p[i] == delimiters.component || p[i] == delimiters.repetition { return false }
            return true
        }
    }

    private func contains(_ delimiter: UInt8, in range: Range<Int>) -> Bool {
        next(delimiter, from: range.lowerBound, to: range.upperBound) < range.upperBound
    }

    private func next(_ delimiter: UInt8, from start: Int, to end: Int) -> Int {
        bytes.withUnsafeBufferPointer { p in
            var i = start
            while i < end, p[i] != delimiter { i += 1 }
            return i
        }
    }
}
