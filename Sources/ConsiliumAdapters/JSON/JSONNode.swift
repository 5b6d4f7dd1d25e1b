/// One value of an indexed JSON text; all of them stand in one flat array in document order.
///
/// A container's children begin right behind it, and `after` is the index of the first node behind its last
/// descendant, so siblings are walked without pointers.
struct JSONNode {
    enum Kind: UInt8 {
        case object
        case array
        case string
        case number
        case `true`
        case `false`
        case null
    }

    var kind: Kind
    /// A string that holds at least one backslash and so must be unescaped.
    var isEscaped = false
    var isKeyEscaped = false
    /// Set by the typed accessors; what stays unset is lost.
    var isRead = false
    /// Byte offsets of the value; of a string, what stands between the quotes.
    var start: Int32
    var end: Int32
    /// Byte offsets of the member's name; -1 when the value is no member.
    var keyStart: Int32 = -1
    var keyEnd: Int32 = -1
    var parent: Int32
    var after: Int32 = 0

    var isContainer: Bool { kind == .object || kind == .array }
}

/// What a reader of JSON takes at most; beyond it the text is refused.
package struct JSONLimits: Sendable {
    /// Nesting of objects and arrays.
    package var depth = 64
    /// Bytes of one string as written; does not hold for members called `data` (base64).
    package var stringBytes = 65_536
    /// Values in one text.
    package var nodes = 262_144

    package init() {}
}
