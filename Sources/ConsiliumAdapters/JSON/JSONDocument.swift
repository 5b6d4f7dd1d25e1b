package import ConsiliumCore

/// A JSON text indexed once; its values are read through typed accessors that mark what they read.
///
/// Strings are unescaped when they are asked for, numbers keep their digits. Not thread-safe: one decoder owns it.
package final class JSONDocument {
    let bytes: [UInt8]
    var nodes: ContiguousArray<JSONNode>

    /// Indexes `bytes`, which must be UTF-8.
    ///
    /// Throws a `FormatError` that names the place as a path; the byte offset stands in its message.
    package init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(FormatError) {
        guard bytes.count < Int(Int32.max) else { throw FormatError(.tooLong, at: "$", "a text of 2 GiB or more") }
        self.bytes = bytes
        nodes = try bytes.withUnsafeBufferPointer { buffer throws(FormatError) in
            var scanner = JSONScanner(buffer, limits: limits)
            try scanner.scan()
            return scanner.nodes
        }
    }

    package var root: JSONValue { JSONValue(document: self, node: 0) }

    func path(to node: Int) -> String {
        bytes.withUnsafeBufferPointer { JSONPath(nodes: nodes, bytes: $0).path(to: node) }
    }

    /// Filled places that no accessor read, in document order, at most `limit` of them.
    ///
    /// A container of which nothing was read stands for all that it holds; an array stands element by element.
    package func lost(limit: Int = 256) -> [LostField] {
        var hasRead = ContiguousArray<Bool>(repeating: false, count: nodes.count)
        for index in nodes.indices.reversed() {
            if nodes[index].isRead { hasRead[index] = true }
            let parent = Int(nodes[index].parent)
            if hasRead[index], parent >= 0 { hasRead[parent] = true }
        }
        var lost: [LostField] = []
        var index = 0
        while index < nodes.count, lost.count < limit {
            let node = nodes[index]
            let isEmpty = node.isContainer && Int(node.after) == index + 1
            if node.isRead && !node.isContainer || isEmpty {
                index = Int(node.after)
            } else if hasRead[index] || node.kind == .array {
                index += 1
            } else {
                lost.append(LostField(path: path(to: index)))
                index = Int(node.after)
            }
        }
        return lost
    }
}
