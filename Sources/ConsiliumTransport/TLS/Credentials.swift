import NIOSSL

/// What one side of a connection shows and proves: its certificate, the authorities above it, and the key.
package struct Credentials: Sendable {
    /// Leaf first, then the issuing authority; the root is not sent.
    package let chain: [NetworkCertificate]
    package let key: PrincipalKey

    /// Refuses an empty chain, a key that is not the leaf's, and a chain that is not in order.
    package init(chain: [NetworkCertificate], key: PrincipalKey) throws(CertificateError) {
        guard let leaf = chain.first else { throw .malformed("a certificate chain") }
        guard key.matches(leaf) else { throw .keyMismatch }
        for (certificate, issuer) in zip(chain, chain.dropFirst()) {
            guard certificate.isSigned(by: issuer) else { throw .malformed("a chain, each signed by the next") }
        }
        self.chain = chain
        self.key = key
    }

    /// Reads key and chain from one PEM text, in any order of the key and the certificates.
    ///
    /// One file holds both so that a crash between two writes cannot leave a key beside another key's certificate.
    package init(pem: String) throws(CertificateError) {
        try self.init(chain: NetworkCertificate.chain(pem: pem), key: PrincipalKey(pem: pem))
    }

    /// The key, not encrypted, and the chain in one PEM text; write it with `PrivateFile`.
    package var pem: String { key.pem + NetworkCertificate.pem(chain) }

    /// For tests: a chain that nobody checked.
    init(unchecked chain: [NetworkCertificate], key: PrincipalKey) {
        self.chain = chain
        self.key = key
    }

    package var leaf: NetworkCertificate { chain[0] }

    func source() throws -> (chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource) {
        let certificates = try chain.map { NIOSSLCertificateSource.certificate(try $0.sslCertificate()) }
        return (certificates, .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pem.utf8), format: .pem)))
    }
}

extension NetworkCertificate {
    func sslCertificate() throws -> NIOSSLCertificate { try NIOSSLCertificate(bytes: der, format: .der) }
}
