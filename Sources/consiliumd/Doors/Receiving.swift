import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport

/// What became of a message, whatever door it came by.
struct Received: Sendable {
    var receipt: Receipt
    var lost: [LostField]
}

/// The main path of every door: bytes are decoded, sealed, decided and committed; then the sender is told.
extension Hub {
    /// Takes a decoded submission.
    ///
    /// - Parameters:
    ///   - source: the bytes as received; always kept.
    ///   - target: the version that the sender saw (`If-Match`).
    ///   - patience: how long to wait for a place in a full intake.
    func receive(
        _ submission: Submission,
        source: [UInt8],
        sourceType: String,
        from principal: Principal,
        identity: PeerIdentity?,
        through door: Door,
        ifMatch: Int? = nil,
        patience: Duration = .zero
    ) async throws -> Received {
        try requireSpace()
        let network = network
        await hear(principal.site, network)
        let stated = stated(submission.statedSite, by: principal, in: network)
        let input: Input
        switch submission.intent {
        case .application(let application):
            let actor = try network.actor(principal, for: stated)
            guard let id = actor.site, let site = network.sites[id] else { throw Refusal(.siteUnknown) }
            var entropy = SystemEntropy()
            input = .submit(
                try intake.prepare(
                    application,
                    of: submission,
                    source: source,
                    sourceType: sourceType,
                    from: principal,
                    for: site,
                    through: door,
                    at: clock.now(),
                    entropy: &entropy
                )
            )
        case .act(let reference, let act):
            let message = submission.messageID.map {
                intake.identity(
                    of: act,
                    message: $0,
                    sender: submission.statedSender,
                    site: stated ?? principal.site,
                    source: source
                )
            }
            input = .act(
                PreparedAct(
                    principal: principal,
                    stated: stated,
                    reference: reference,
                    act: act,
                    identity: message,
                    expectedVersion: ifMatch,
                    signatureHolds: Self.signatureHolds(act, reference, identity),
                    door: door,
                    source: source
                )
            )
        }
        let receipt = try await execute(input, patience: patience)
        return Received(receipt: receipt, lost: submission.lost)
    }

    /// Whether a report's JWS binds its payload to the certificate of the operator who sends it.
    private static func signatureHolds(_ act: Act, _ reference: CaseReference, _ identity: PeerIdentity?) -> Bool {
        guard case .report(let report, let signature) = act else { return true }
        guard signature.kind == .operator else { return true }
        guard case .id(let id) = reference, let identity, let jws = signature.jws else { return false }
        return ReportSignature(jws: jws).holds(for: report, of: id, signature: signature, by: identity.certificate)
    }

    /// Keeps a refused frame for diagnosis, without holding up the reply.
    func quarantine(_ bytes: [UInt8], from principal: Principal, through door: Door, _ error: FormatError) {
        let frame = QuarantinedFrame(
            site: principal.site,
            principal: principal,
            door: door,
            code: error.code.rawValue,
            location: error.location,
            bytes: Array(bytes.prefix(1 << 20))
        )
        Task { _ = await ledger.execute(.quarantine(frame)) }
    }
}
