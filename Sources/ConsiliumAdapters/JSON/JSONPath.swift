/// Names the place of a value the way FHIRPath does: `Bundle.entry[2].resource.photo[0]`.
///
/// The root is called after its `resourceType`, else `$`. A member name that is not 1 to 64 letters, digits, `_` or
/// `-` is written `?`: what a sender puts there must not reach a log through an error.
struct JSONPath {
    let nodes: ContiguousArray<JSONNode>
    let bytes: UnsafeBufferPointer<UInt8>

    func path(to target: Int) -> String {
        guard target > 0 else { return root }
        var steps: [String] = []
        var node = target
        while node > 0 {
            if nodes[node].keyStart >= 0 {
                steps.append("." + Self.name(bytes[Int(nodes[node].keyStart)..<Int(nodes[node].keyEnd)]))
            } else {
                steps.append("[\(position(of: node))]")
            }
            node = Int(nodes[node].parent)
        }
        return root + steps.reversed().joined()
    }

    private func position(of node: Int) -> Int {
        var sibling = Int(nodes[node].parent) + 1
        var position = 0
        while sibling < node {
            sibling = Int(nodes[sibling].after)
            position += 1
        }
        return position
    }

    private var root: String {
        guard let first = nodes.first, first.kind == .object else { return "$" }
        // A container that is still open has no end yet: its children so far are what the array holds.
        let end = first.after > 1 ? Int(first.after) : nodes.count
        var child = 1
        while child < end, nodes[child].parent == 0 {
            let node = nodes[child]
            let key = bytes[Int(node.keyStart)..<Int(node.keyEnd)]
            if node.kind == .string, key.elementsEqual("resourceType".utf8) {
                let name = Self.name(bytes[Int(node.start)..<Int(node.end)])
                return name == "?" ? "$" : name
            }
            if node.isContainer, Int(node.after) <= child + 1, nodes.count > child + 1,
                nodes[child + 1].parent == Int32(child)
            {
                return "$"
            }
            child = Int(node.after)
        }
        return "$"
    }

    static func name(_ bytes: some Collection<UInt8>) -> String {
        let isPlain =
            (1...64).contains(bytes.count)
            && bytes.allSatisfy {
                ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 45 || $0 == 95
            }
        return isPlain ? String(decoding: bytes, as: UTF8.self) : "?"
    }
}
