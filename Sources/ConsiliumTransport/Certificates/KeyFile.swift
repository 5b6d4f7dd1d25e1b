import Crypto
import Foundation
import SwiftASN1
import _CryptoExtras

/// How dear it is to guess a key file's passphrase: scrypt's parameters (RFC 7914, 2).
package struct KeyFileCost: Hashable, Sendable {
    /// Binary logarithm of N; memory is 128 · r · N bytes.
    package let logN: UInt8
    package let blockSize: UInt8
    package let parallelism: UInt8

    /// N = 65,536, r = 8, p = 1: 64 MiB for each guess.
    package static let standard = KeyFileCost(logN: 16, blockSize: 8, parallelism: 1)
    /// For tests: nothing that protects.
    package static let weakest = KeyFileCost(logN: 10, blockSize: 8, parallelism: 1)

    package init(logN: UInt8, blockSize: UInt8, parallelism: UInt8) {
        self.logN = logN
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// What a file may ask of the reader: at most 1 GiB of memory, so that a forged file cannot exhaust the machine.
    var isAcceptable: Bool {
        (10...20).contains(logN) && (1...8).contains(blockSize) && (1...4).contains(parallelism)
    }
}

/// A private key encrypted under a passphrase.
///
/// PEM block `CONSILIUM ENCRYPTED KEY`. Version 1, all numbers one byte:
///
///     "CKEY" | 1 | logN | r | p | salt (16) | nonce (12) | ciphertext | tag (16)
///
/// The key is scrypt(passphrase in UTF-8, salt, 32 bytes); the cipher is AES-256-GCM over the PKCS #8 DER of the key;
/// everything before the nonce is authenticated.
extension PrincipalKey {
    private static let label = "CONSILIUM ENCRYPTED KEY"
    private static let magic: [UInt8] = Array("CKEY".utf8) + [1]
    private static let headerLength = 5 + 3 + 16

    /// The text of a key file that opens with `passphrase`.
    package func encrypted(
        passphrase: String,
        cost: KeyFileCost = .standard
    ) throws(CertificateError) -> String {
        guard cost.isAcceptable else { throw .keyFileParameters }
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let header = Self.magic + [cost.logN, cost.blockSize, cost.parallelism] + salt
        do {
            let sealed = try AES.GCM.seal(
                key.derRepresentation,
                using: try Self.derive(passphrase, salt: salt, cost: cost),
                authenticating: header
            )
            let bytes = header + sealed.nonce + sealed.ciphertext + sealed.tag
            return PEMDocument(type: Self.label, derBytes: bytes).pemString + "\n"
        } catch {
            throw .keyFileParameters
        }
    }

    /// Whether `text` is an encrypted key file, so that a passphrase has to be asked for.
    package static func isEncrypted(_ text: String) -> Bool { text.contains("-----BEGIN \(label)-----") }

    /// Opens a key file; a wrong passphrase and a changed file look the same (`wrongPassphrase`).
    package static func open(_ keyFile: String, passphrase: String) throws(CertificateError) -> PrincipalKey {
        let bytes: [UInt8]
        do {
            let document = try PEMDocument(pemString: keyFile)
            guard document.discriminator == label else { throw CertificateError.malformed(label) }
            bytes = document.derBytes
        } catch {
            throw .malformed("a PEM block \(label)")
        }
        guard bytes.count > headerLength + 12 + 16, bytes.starts(with: magic) else {
            throw .malformed("version 1 of \(label)")
        }
        let cost = KeyFileCost(logN: bytes[5], blockSize: bytes[6], parallelism: bytes[7])
        guard cost.isAcceptable else { throw .keyFileParameters }
        let header = Array(bytes[..<headerLength])
        do {
            let box = try AES.GCM.SealedBox(combined: bytes[headerLength...])
            let opened = try AES.GCM.open(
                box,
                using: try derive(passphrase, salt: Array(header[8...]), cost: cost),
                authenticating: header
            )
            return try PrincipalKey(der: Array(opened))
        } catch {
            throw .wrongPassphrase
        }
    }

    private static func derive(_ passphrase: String, salt: [UInt8], cost: KeyFileCost) throws -> SymmetricKey {
        try KDF.Scrypt.deriveKey(
            from: Array(passphrase.utf8),
            salt: salt,
            outputByteCount: 32,
            rounds: 1 << Int(cost.logN),
            blockSize: Int(cost.blockSize),
            parallelism: Int(cost.parallelism)
        )
    }
}
