import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import NIOConcurrencyHelpers

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
    ///   - arrival: of the bytes that were decoded.
    func receive(
        _ submission: Submission,
        source: [UInt8],
        sourceType: String,
        from principal: Principal,
        identity: PeerIdentity?,
        through door: Door,
        ifMatch: Int? = nil,
        patience: Duration = .zero,
        arrival: Arrival? = nil
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
                    door: door,
                    signatureHolds: Self.signatureHolds(act, reference, identity),
                    source: source
                )
            )
        }
        let receipt = try await carryOut(input, patience: patience, arrival)
        return Received(receipt: receipt, lost: submission.lost)
    }

    /// Files of an application that becomes no case of its own go at once: a sender that repeats itself fills no disk.
    private func carryOut(_ input: Input, patience: Duration, _ arrival: Arrival?) async throws -> Receipt {
        guard case .submit(let prepared) = input else { return try await execute(input, patience: patience, arrival) }
        do {
            let receipt = try await execute(input, patience: patience, arrival)
            if receipt.caseID != prepared.candidate { intake.discard(prepared) }
            return receipt
        } catch let refusal as Refusal {
            intake.discard(prepared)
            throw refusal
        }
    }

    /// Whether a report's JWS binds its payload to the certificate of the operator who sends it.
    private static func signatureHolds(_ act: Act, _ reference: CaseReference, _ identity: PeerIdentity?) -> Bool {
        guard case .report(let report, let signature) = act else { return true }
        guard signature.kind == .operator else { return true }
        guard case .id(let id) = reference, let identity, let jws = signature.jws.flatMap({ DetachedSignature($0) })
        else {
            return false
        }
        return jws.holds(for: report, of: id, signature: signature, by: identity.certificate)
    }

    /// Bytes of refused frames that may wait for the ledger; beyond that they are not kept, so that refused messages
    /// crowd out no good ones.
    private static let quarantineBacklog = 8 << 20

    /// Keeps a refused frame for diagnosis, without holding up the reply.
    func quarantine(_ bytes: [UInt8], from principal: Principal, through door: Door, _ error: FormatError) {
        let frame = QuarantinedFrame(
            site: principal.site,
            principal: principal,
            door: door,
            code: error.code.rawValue,
            location: String(error.location.prefix(200)),
            bytes: Array(bytes.prefix(1 << 20))
        )
        let size = frame.bytes.count
        let fits = quarantining.withLockedValue { waiting in
            guard waiting + size <= Self.quarantineBacklog else { return false }
            waiting += size
            return true
        }
        guard fits else { return metrics.message("quarantine", outcome: "dropped") }
        Task {
            _ = await ledger.execute(.quarantine(frame))
            quarantining.withLockedValue { $0 -= size }
        }
    }
}
