import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport

extension DetachedSignature {
    /// Whether the signature fits report, case, version, doctor and certificate.
    func holds(
        for report: Report,
        of id: CaseID,
        signature: Signature,
        by certificate: NetworkCertificate
    ) -> Bool {
        guard header.caseID == id.description, header.version == signature.caseVersion,
            header.licence == signature.licence
        else { return false }
        let payload = Payload(report: report, number: 1) { hexadecimal(sha256($0)) }
        return isValid(over: payload.signedBytes, by: certificate)
    }
}
