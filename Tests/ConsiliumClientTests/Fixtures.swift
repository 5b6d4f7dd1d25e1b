import ConsiliumCore
import ConsiliumTransport
import Foundation

@testable import consilium

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
    let path: String
    var profile: ProfileFolder { ProfileFolder(path: path) }

    init() throws {
        path = NSTemporaryDirectory() + "consilium-client-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Everything below the folder, as one text of bytes.
    func contents() -> Data {
        let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return all.reduce(into: Data()) { data, name in
            data.append(Data(name.utf8))
            data.append(FileManager.default.contents(atPath: path + "/" + name) ?? Data())
        }
    }
}

/// A network's authorities, made in memory, and identities from them.
struct TestNetwork {
    let root: RootAuthority
    let issuer: IssuingAuthority
    let now = Date()

    init() throws {
        root = try RootAuthority.make(network: "test", now: now)
        issuer = try root.makeIssuingAuthority(now: now)
    }

    func identity(passphrase: String? = nil, lifetime: TimeInterval = 7 * 86_400) throws -> Identity {
        let key = PrincipalKey()
        let name = try PrincipalName(network: "test", site: "QS-TOWN", kind: .operator, name: "wang")
        let csr = try key.certificateSigningRequest(commonName: "wang")
        let leaf = try issuer.issue(csr: csr, to: name, lifetime: lifetime, now: now)
        return Identity(
            key: key,
            chain: [leaf, issuer.certificate],
            root: [root.certificate],
            passphrase: passphrase
        )
    }
}
