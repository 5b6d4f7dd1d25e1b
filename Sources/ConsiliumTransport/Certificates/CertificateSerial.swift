import X509

/// The serial number of a certificate to be issued: 16 random bytes (RFC 5280, 4.1.2.2 allows up to 20).
package struct CertificateSerial: Hashable, Sendable {
    let bytes: [UInt8]

    /// 128 bits of `random`; the first byte is never zero, so that the number is always 16 bytes long.
    package init(using random: inout some RandomNumberGenerator) {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        if bytes[0] == 0 { bytes[0] = 1 }
        self.bytes = bytes
    }

    /// A serial number from the system's random source.
    package static func random() -> CertificateSerial {
        var generator = SystemRandomNumberGenerator()
        return CertificateSerial(using: &generator)
    }

    var number: Certificate.SerialNumber { Certificate.SerialNumber(bytes: bytes) }
}
