import Foundation

/// Base 64 with the URL alphabet and no padding (RFC 4648 section 5), as JOSE writes it.
package enum Base64URL {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").filter { $0 != "=" }
    }

    /// nil when `text` is no base 64.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var plain = String(text).replacing("-", with: "+").replacing("_", with: "/").filter { $0 != "=" }
        plain += String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: plain).map { [UInt8]($0) }
    }
}
