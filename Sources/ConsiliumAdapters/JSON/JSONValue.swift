package import ConsiliumCore

/// One value of a `JSONDocument`: a handle to be passed by value.
package struct JSONValue {
    let document: JSONDocument
    let node: Int

    private var kind: JSONNode.Kind { document.nodes[node].kind }
    package var isObject: Bool { kind == .object }

    /// `Bundle.entry[2].resource.status`.
    package var path: String { document.path(to: node) }

    /// An error at this value, or at its member `name` whether or not that exists.
    package func error(_ code: FormatError.Code, at name: String? = nil, _ message: String) -> FormatError {
        FormatError(code, at: name.map { "\(path).\($0)" } ?? path, message)
    }

    // MARK: Members

    /// The member called `name`, not marked as read; nil when absent.
    package func member(_ name: StaticString) -> JSONValue? {
        document.child(of: node, named: UnsafeBufferPointer(name)).map { JSONValue(document: document, node: $0) }
    }

    package func has(_ name: StaticString) -> Bool { member(name) != nil }

    /// The text of the string member `name`; nil when absent or empty.
    package func text(_ name: StaticString) throws(FormatError) -> String? {
        guard let value = member(name) else { return nil }
        let text = try value.text()
        return text.isEmpty ? nil : text
    }

    /// The text of the string member `name`, which the standard makes mandatory.
    package func requiredText(_ name: StaticString) throws(FormatError) -> String {
        guard let text = try text(name) else { throw error(.missing, at: "\(name)", "mandatory and absent") }
        return text
    }

    /// The member `name` as a boolean; nil when absent.
    package func boolean(_ name: StaticString) throws(FormatError) -> Bool? {
        guard let value = member(name) else { return nil }
        switch value.kind {
        case .true, .false:
            value.mark()
            return value.kind == .true
        default: throw value.error(.invalidValue, "true or false was expected")
        }
    }

    /// The digits of the number member `name` as they stand; nil when absent.
    package func number(_ name: StaticString) throws(FormatError) -> String? {
        guard let value = member(name) else { return nil }
        guard value.kind == .number else { throw value.error(.invalidValue, "a number was expected") }
        value.mark()
        return document.text(of: value.node)
    }

    /// The member `name` as a whole number; nil when absent.
    package func integer(_ name: StaticString) throws(FormatError) -> Int? {
        guard let digits = try number(name) else { return nil }
        guard let value = Int(digits) else { throw error(.invalidValue, at: "\(name)", "a whole number was expected") }
        return value
    }

    /// The object member `name`; nil when absent.
    package func object(_ name: StaticString) throws(FormatError) -> JSONValue? {
        guard let value = member(name) else { return nil }
        guard value.isObject else { throw value.error(.invalidValue, "an object was expected") }
        return value
    }

    /// The objects of the array member `name`; empty when absent.
    package func objects(_ name: StaticString) throws(FormatError) -> [JSONValue] {
        let values = try elements(name)
        for value in values where !value.isObject { throw value.error(.invalidValue, "an object was expected") }
        return values
    }

    /// The strings of the array member `name`; empty when absent.
    package func texts(_ name: StaticString) throws(FormatError) -> [String] {
        var texts: [String] = []
        for value in try elements(name) { texts.append(try value.text()) }
        return texts
    }

    /// The values of the array member `name`; empty when absent.
    package func elements(_ name: StaticString) throws(FormatError) -> [JSONValue] {
        guard let value = member(name) else { return [] }
        guard value.kind == .array else { throw value.error(.invalidValue, "an array was expected") }
        var values: [JSONValue] = []
        let end = Int(document.nodes[value.node].after)
        var child = value.node + 1
        while child < end {
            values.append(JSONValue(document: document, node: child))
            child = Int(document.nodes[child].after)
        }
        return values
    }

    /// The bytes of the base64 member `name` (RFC 4648 section 4, white space between groups allowed).
    package func base64(_ name: StaticString) throws(FormatError) -> [UInt8]? {
        guard let value = member(name) else { return nil }
        guard value.kind == .string else { throw value.error(.invalidValue, "a string was expected") }
        value.mark()
        let decoded = document.withText(of: value.node) { Base64.decode($0) }
        guard let decoded else { throw value.error(.invalidValue, "not base64") }
        return decoded
    }

    // MARK: Itself

    /// This string's text.
    package func text() throws(FormatError) -> String {
        guard kind == .string else { throw error(.invalidValue, "a string was expected") }
        mark()
        return document.text(of: node)
    }

    /// Whether this is a string of exactly these characters; marks it as read when it is.
    package func isText(_ text: String) -> Bool {
        guard kind == .string else { return false }
        let isSame = document.withText(of: node) { bytes in
            bytes.count == text.utf8.count && bytes.elementsEqual(text.utf8)
        }
        if isSame { mark() }
        return isSame
    }

    /// Counts this value, and all that it holds, as read: it is known and nothing of it is wanted.
    package func markAll() {
        for index in node..<Int(document.nodes[node].after) { document.nodes[index].isRead = true }
    }

    private func mark() { document.nodes[node].isRead = true }
}

extension JSONDocument {
    fileprivate func text(of node: Int) -> String {
        let node = nodes[node]
        return bytes.withUnsafeBufferPointer { buffer in
            let slice = buffer[Int(node.start)..<Int(node.end)]
            return node.isEscaped
                ? jsonUnescaped(slice) : String(decoding: UnsafeBufferPointer(rebasing: slice), as: UTF8.self)
        }
    }

    fileprivate func withText<Result>(of node: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let this = nodes[node]
        if this.isEscaped {
            let text = Array(text(of: node).utf8)
            return text.withUnsafeBufferPointer(body)
        }
        return bytes.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[Int(this.start)..<Int(this.end)]))
        }
    }

    /// The member of the object at `node` whose key is `name`; nil when it is absent or `node` is no object.
    fileprivate func child(of node: Int, named name: UnsafeBufferPointer<UInt8>) -> Int? {
        nodes.withUnsafeBufferPointer { nodes in
            guard nodes[node].kind == .object else { return nil }
            return bytes.withUnsafeBufferPointer { bytes in
                let end = Int(nodes[node].after)
                var child = node + 1
                while child < end {
                    let key = Int(nodes[child].keyStart)..<Int(nodes[child].keyEnd)
                    if nodes[child].isKeyEscaped {
                        if jsonUnescaped(bytes[key]).utf8.elementsEqual(name) { return child }
                    } else if key.count == name.count, bytes[key].elementsEqual(name) {
                        return child
                    }
                    child = Int(nodes[child].after)
                }
                return nil
            }
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate init(_ text: StaticString) { self.init(start: text.utf8Start, count: text.utf8CodeUnitCount) }
}
