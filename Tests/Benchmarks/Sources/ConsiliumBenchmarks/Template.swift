/// A message with places that differ from one submission to the next, laid out once and copied for each.
///
/// Every value has the width of its placeholder, so that the length of the message, and with it the header in front of
/// it, never changes.
struct Template: Sendable {
    /// What stands in for a value: `{0000000000}` is ten digits of the submission's number.
    static let placeholder = "{0000000000}"

    private(set) var bytes: [UInt8]
    /// Where the digits begin.
    let places: [Int]

    private init(bytes: [UInt8], places: [Int]) {
        self.bytes = bytes
        self.places = places
    }

    /// Replaces each placeholder by ten digits.
    init(_ text: String) { self.init(Array(text.utf8)) }

    init(_ text: [UInt8]) {
        let mark = Array(Self.placeholder.utf8)
        var bytes: [UInt8] = []
        var places: [Int] = []
        var index = 0
        while index < text.count {
            if text[index] == mark[0], text[index...].starts(with: mark) {
                places.append(bytes.count)
                bytes.append(contentsOf: mark.dropFirst().dropLast())
                index += mark.count
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        self.bytes = bytes
        self.places = places
    }

    /// The same message with bytes around it.
    func framed(before: [UInt8], after: [UInt8]) -> Template {
        Template(bytes: before + bytes + after, places: places.map { $0 + before.count })
    }

    /// Writes the number of the next submission into every place.
    mutating func number(_ value: UInt64) {
        for place in places {
            var rest = value
            for index in stride(from: place + 9, through: place, by: -1) {
                bytes[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }
}
