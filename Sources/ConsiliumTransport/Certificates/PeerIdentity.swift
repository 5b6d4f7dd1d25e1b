package import Foundation
import SwiftASN1
import X509

/// Who is at the other end of a connection, read from the certificate that its handshake proved.
///
/// TLS has checked signature, chain and key usage against the network's root before; this reads the name and checks
/// again what must hold whatever the TLS library was told (SPIFFE X509-SVID 4 and 5, RFC 5280 4.2.1).
package struct PeerIdentity: Hashable, Sendable {
    package let principal: PrincipalName
    package let certificate: NetworkCertificate
    /// Lower-case hexadecimal of the serial number.
    package let serial: String
    /// Lower-case hexadecimal SHA-256 of the SubjectPublicKeyInfo.
    package let publicKeyFingerprint: String
    package let notBefore: Date
    package let notAfter: Date

    /// Lower-case hexadecimal SHA-256 of the certificate's DER bytes.
    package var fingerprint: String { certificate.fingerprint }

    /// Reads a leaf certificate; throws the first reason for which it does not identify a principal of `network`.
    package init(der: [UInt8], network: String, now: Date) throws(PeerRejection) {
        let certificate: NetworkCertificate
        do throws(CertificateError) {
            certificate = try NetworkCertificate(der: der)
        } catch {
            throw PeerRejection(.malformedCertificate)
        }
        try self.init(certificate, network: network, now: now)
    }

    /// The same for a certificate that has been read before.
    package init(_ certificate: NetworkCertificate, network: String, now: Date) throws(PeerRejection) {
        try Self.checkIsLeaf(certificate.certificate)
        let principal = try Self.principal(certificate.certificate)
        guard principal.network == network else { throw PeerRejection(.otherNetwork, principal.network) }
        try Self.checkUsage(certificate.certificate)
        guard now >= certificate.notBefore else { throw PeerRejection(.notYetValid, "from \(certificate.notBefore)") }
        guard now <= certificate.notAfter else { throw PeerRejection(.expired, "since \(certificate.notAfter)") }
        self.principal = principal
        self.certificate = certificate
        serial = certificate.serial
        publicKeyFingerprint = certificate.publicKeyFingerprint
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
    }

    private static func checkIsLeaf(_ certificate: Certificate) throws(PeerRejection) {
        do {
            if case .isCertificateAuthority = try certificate.extensions.basicConstraints {
                throw PeerRejection(.authorityCertificate)
            }
            if let usage = try certificate.extensions.keyUsage, usage.keyCertSign || usage.cRLSign {
                throw PeerRejection(.authorityCertificate)
            }
        } catch let rejection as PeerRejection {
            throw rejection
        } catch {
            throw PeerRejection(.malformedCertificate, "basic constraints or key usage")
        }
    }

    private static func principal(_ certificate: Certificate) throws(PeerRejection) -> PrincipalName {
        let names: SubjectAlternativeNames?
        do {
            names = try certificate.extensions.subjectAlternativeNames
        } catch {
            throw PeerRejection(.malformedCertificate, "subject alternative names")
        }
        let uris = (names ?? SubjectAlternativeNames())
            .compactMap { name in
                if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
            }
        guard let uri = uris.first else { throw PeerRejection(.noURI) }
        guard uris.count == 1 else { throw PeerRejection(.severalURIs, "\(uris.count)") }
        do throws(PrincipalNameError) {
            return try PrincipalName(uri: uri)
        } catch {
            throw PeerRejection(.notPrincipalName, error.rawValue)
        }
    }

    private static func checkUsage(_ certificate: Certificate) throws(PeerRejection) {
        do {
            guard let usages = try certificate.extensions.extendedKeyUsage, usages.contains(.clientAuth) else {
                throw PeerRejection(.wrongKeyUsage, "clientAuth is missing")
            }
            if let usage = try certificate.extensions.keyUsage, !usage.digitalSignature {
                throw PeerRejection(.wrongKeyUsage, "digitalSignature is missing")
            }
        } catch let rejection as PeerRejection {
            throw rejection
        } catch {
            throw PeerRejection(.malformedCertificate, "extended key usage")
        }
    }
}
