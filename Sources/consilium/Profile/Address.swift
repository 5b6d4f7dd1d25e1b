/// A host and a port, as `HOST:PORT`, `[IPV6]:PORT` or with `https://` before it.
struct Address: Hashable, Sendable, CustomStringConvertible {
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Nil when `text` is none; port 0 is accepted, for listeners.
    init?(_ text: some StringProtocol) {
        var rest = String(text)
        for scheme in ["https://", "http://", "mllps://", "mllp://"] where rest.hasPrefix(scheme) {
            rest.removeFirst(scheme.count)
        }
        while rest.last == "/" { rest.removeLast() }
        guard let colon = rest.lastIndex(of: ":") else { return nil }
        var host = String(rest[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        let digits = rest[rest.index(after: colon)...]
        guard !host.isEmpty, !host.contains("/"), digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
            let port = Int(digits), (0...65_535).contains(port)
        else { return nil }
        self.init(host: host, port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension Address: Codable {
    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Address(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not HOST:PORT: \(text)")
            )
        }
        self = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
