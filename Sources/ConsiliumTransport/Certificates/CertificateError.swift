/// Why a certificate, a key or a request for a certificate cannot be made or used.
package enum CertificateError: Error, Hashable, Sendable {
    /// The bytes are not what they should be; the text says what was expected.
    case malformed(String)
    /// The request is not signed by the key that it carries.
    case proofOfPossession
    /// The key is not on the curve P-256.
    case unsupportedKey
    /// The certificate may not issue other certificates.
    case notAuthority
    /// The name belongs to another network than the authority.
    case otherNetwork
    /// The authority's own certificate is not valid at that time.
    case authorityNotValid
    /// The lifetime is zero, negative or longer than allowed.
    case lifetime
    /// The certificate does not hold this key.
    case keyMismatch
    /// The text is neither a DNS name nor an IP address.
    case hostName(String)
    /// The passphrase does not open the key file, or the file was changed.
    case wrongPassphrase
    /// The key file's parameters are outside what this program accepts.
    case keyFileParameters
    /// The TLS library refused the certificate or the key.
    case tls(String)
}
