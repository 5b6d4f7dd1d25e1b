package import NIOCore

/// Where a connection comes from.
package struct RemoteAddress: Hashable, Sendable, CustomStringConvertible {
    /// Numeric address without brackets, or a socket's path.
    package let host: String
    /// 0 when there is none.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package init(_ address: SocketAddress?) {
        host = address?.ipAddress ?? address?.pathname ?? "unknown"
        port = address?.port ?? 0
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A range of IP addresses in CIDR form, such as `10.3.0.0/16`, `192.168.1.7` or `fd00::/8`.
package struct AddressRange: Hashable, Sendable {
    private let prefix: [UInt8]
    private let bits: Int

    /// Nil when `text` is no address, the length does not fit it, or bits beyond the length are set.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = HostName.address(String(parts[0])) else { return nil }
        var length = bytes.count * 8
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let stated = Int(parts[1]), stated <= length
            else { return nil }
            length = stated
        }
        for bit in length..<(bytes.count * 8) where bytes[bit / 8] & (0x80 >> UInt8(bit % 8)) != 0 { return nil }
        prefix = bytes
        bits = length
    }

    /// Whether `address` lies in the range; an IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4.
    package func contains(_ address: RemoteAddress) -> Bool {
        guard var bytes = HostName.address(address.host) else { return false }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if bytes.count == 16, bytes.starts(with: mapped), prefix.count == 4 { bytes.removeFirst(12) }
        guard bytes.count == prefix.count else { return false }
        for index in 0..<(bits / 8) where bytes[index] != prefix[index] { return false }
        let rest = bits % 8
        return rest == 0 || (bytes[bits / 8] ^ prefix[bits / 8]) >> UInt8(8 - rest) == 0
    }
}
