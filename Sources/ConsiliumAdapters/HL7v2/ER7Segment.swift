/// One segment of an `ER7Message`: typed reading that marks.
///
/// Fields, components and subcomponents count from 1 as in the standard, repetitions from 0. Empty, absent and HL7 null
/// all read as nil; a null is remembered by the message.
package struct ER7Segment {
    let message: ER7Message
    let index: Int

    init(_ message: ER7Message, _ index: Int) {
        self.message = message
        self.index = index
    }

    package var name: SegmentName { message.segments[index].name }

    /// The highest field that is there.
    var fieldCount: Int { message.segments[index].count + (index == 0 ? 1 : 0) }

    /// `PID-5`, `OBX[2]-5.3`: a place for an error or a warning.
    package func path(_ field: Int, _ component: Int? = nil) -> String {
        "\(message.place(of: index))-\(field)" + (component.map { ".\($0)" } ?? "")
    }

    // MARK: Places

    /// The slot of a field in `starts` and `marks`; nil beyond the last.
    func slot(_ field: Int) -> Int? {
        let segment = message.segments[index]
        let position = index == 0 ? field - 2 : field - 1
        return position >= 0 && position < segment.count ? segment.first + position : nil
    }

    func bounds(slot: Int) -> Range<Int> {
        let start = Int(message.starts[slot])
        return start..<max(start, Int(message.starts[slot + 1]) - 1)
    }

    /// The bytes of a field, unmarked.
    func bounds(_ field: Int) -> Range<Int>? { slot(field).map(bounds(slot:)) }

    /// Piece number `wanted` (from 0) of `range` cut at `delimiter`; nil beyond the last.
    private func piece(_ wanted: Int, of range: Range<Int>, at delimiter: UInt8) -> Range<Int>? {
        message.bytes.withUnsafeBufferPointer { p in
            var start = range.lowerBound
            var number = 0
            var i = start
            while i < range.upperBound {
                if p[i] == delimiter {
                    if number == wanted { return start..<i }
                    number += 1
                    start = i + 1
                }
                i += 1
            }
            return number == wanted ? start..<range.upperBound : nil
        }
    }

    private func count(of delimiter: UInt8, in range: Range<Int>) -> Int {
        message.bytes.withUnsafeBufferPointer { p in
            var count = 0
            for i in range where p[i] == delimiter { count += 1 }
            return count
        }
    }

    /// Whether a stretch holds nothing but delimiters (`^&&&&` is as empty as nothing).
    func isBlank(_ range: Range<Int>) -> Bool {
        let d = message.delimiters
        return message.bytes.withUnsafeBufferPointer { p in
            for i in range {
                let byte = p[i]
                guard byte == d.component || byte == d.subcomponent || byte == d.repetition else { return false }
            }
            return true
        }
    }

    func isNull(_ range: Range<Int>) -> Bool {
        range.count == 2 && message.bytes[range.lowerBound] == 0x22 && message.bytes[range.lowerBound + 1] == 0x22
    }

    // MARK: Marks

    private func mark(slot: Int, repetition: Int, component: Int) {
        message.marks[slot] |= UInt64(1) << UInt64(min(component, 31)) | UInt64(1) << UInt64(32 + min(repetition, 31))
    }

    /// Says that a whole field is understood, without reading it.
    package func mark(_ fields: Int...) {
        for field in fields {
            if let slot = slot(field) { message.marks[slot] = UInt64.max }
        }
    }

    /// Says that one component is understood, in every repetition that is read.
    package func mark(_ field: Int, component: Int) {
        if let slot = slot(field) { message.marks[slot] |= UInt64(1) << UInt64(min(component, 31)) }
    }

    // MARK: Reading

    /// Number of repetitions, at most 31: a hostile field with thousands must not be searched thousands of times. What
    /// stands beyond stays unread. 0 when the field is blank.
    package func repetitions(_ field: Int) -> Int {
        guard let range = bounds(field), !isBlank(range) else { return 0 }
        return min(count(of: message.delimiters.repetition, in: range) + 1, 31)
    }

    /// Whether the field holds anything at all; marks nothing.
    package func isFilled(_ field: Int) -> Bool { bounds(field).map { !isBlank($0) } ?? false }

    private func component(_ field: Int, _ component: Int, _ repetition: Int) -> (slot: Int, range: Range<Int>)? {
        guard let slot = slot(field) else { return nil }
        let whole = bounds(slot: slot)
        guard !whole.isEmpty, let one = piece(repetition, of: whole, at: message.delimiters.repetition),
            let range = piece(component - 1, of: one, at: message.delimiters.component)
        else { return nil }
        return (slot, range)
    }

    /// One component with its escapes resolved and the white space around it cut off.
    ///
    /// Subcomponent separators stay in the text, because careless senders write `&` where they mean it; the parts of a
    /// structured component are read by `subcomponent`.
    package func text(_ field: Int, _ component: Int = 1, repetition: Int = 0) -> String? {
        guard let (slot, range) = self.component(field, component, repetition) else { return nil }
        mark(slot: slot, repetition: repetition, component: component)
        return string(range, field)
    }

    /// As `text`, without marking: for looking before deciding.
    func peek(_ field: Int, _ component: Int = 1, repetition: Int = 0) -> String? {
        self.component(field, component, repetition).flatMap { string($0.range, nil) }
    }

    /// As `subcomponent`, without marking.
    func peekSubcomponent(_ field: Int, _ component: Int, _ sub: Int, repetition: Int = 0) -> String? {
        guard let (_, range) = self.component(field, component, repetition),
            let part = piece(sub - 1, of: range, at: message.delimiters.subcomponent)
        else { return nil }
        return string(part, nil)
    }

    /// One subcomponent; marks its whole component.
    package func subcomponent(_ field: Int, _ component: Int, _ sub: Int, repetition: Int = 0) -> String? {
        guard let (slot, range) = self.component(field, component, repetition),
            let part = piece(sub - 1, of: range, at: message.delimiters.subcomponent)
        else { return nil }
        mark(slot: slot, repetition: repetition, component: component)
        return string(part, field)
    }

    /// The whole field as running text: repetitions become lines, and component separators that a careless sender did
    /// not escape stay what they are.
    package func prose(_ field: Int) -> String? {
        guard let slot = slot(field) else { return nil }
        let whole = bounds(slot: slot)
        message.marks[slot] = UInt64.max
        guard !isBlank(whole) else { return nil }
        var lines: [String] = []
        var start = whole.lowerBound
        while start <= whole.upperBound {
            var end = start
            while end < whole.upperBound, message.bytes[end] != message.delimiters.repetition { end += 1 }
            lines.append(isBlank(start..<end) ? "" : string(start..<end, field) ?? "")
            start = end + 1
        }
        while lines.last == "" { lines.removeLast() }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// The bytes of a component as they stand, for base64; marks the component.
    package func bytes(_ field: Int, _ component: Int) -> ArraySlice<UInt8>? {
        guard let (slot, range) = self.component(field, component, 0), !range.isEmpty else { return nil }
        mark(slot: slot, repetition: 0, component: component)
        return message.bytes[range]
    }

    /// A field as it was sent, escapes and all, for echoing; marks it.
    func raw(_ field: Int) -> String {
        guard let slot = slot(field) else { return "" }
        message.marks[slot] = UInt64.max
        return String(decoding: message.bytes[bounds(slot: slot)], as: UTF8.self)
    }

    /// A null is remembered under `field`; nil while only looking.
    private func string(_ range: Range<Int>, _ field: Int?) -> String? {
        guard !range.isEmpty else { return nil }
        if isNull(range) {
            if let field, message.nulls.count < 50 { message.nulls.append(path(field)) }
            return nil
        }
        let d = message.delimiters
        let first = message.bytes[range.lowerBound]
        if first == d.subcomponent || first == d.component || first <= 32 {
            let isEmpty = message.bytes.withUnsafeBufferPointer { p in
                range.allSatisfy { p[$0] == d.subcomponent || p[$0] == d.component || p[$0] <= 32 }
            }
            if isEmpty { return nil }
        }
        let text = ER7Escapes.resolve(message.bytes, range, d, message.charset)
        return text.isEmpty ? nil : text
    }
}
