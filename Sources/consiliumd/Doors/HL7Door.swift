import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Logging

/// HL7 v2 in and its acknowledgement out, by MLLP and by HTTP alike.
extension Hub {
    struct HL7Reply: Sendable {
        /// nil when nothing is answered: an acknowledgement is never acknowledged.
        var bytes: [UInt8]?
        var caseID: CaseID?
    }

    /// - Parameters:
    ///   - patience: how long to wait when the intake is full; nothing more is read from the sender meanwhile.
    func receiveHL7(
        _ bytes: [UInt8],
        from principal: Principal,
        identity: PeerIdentity?,
        through door: Door,
        patience: Duration
    ) async -> HL7Reply {
        let arrival = ledger.expect()
        let network = network
        let profile = profile(of: bytes, from: principal, in: network)
        let now = clock.now()
        var entropy = SystemEntropy()
        let controlID = Self.controlID(entropy.identifier(at: now))
        let message: HL7v2Message
        do {
            message = try HL7v2Adapter.decode(bytes, profile: profile, receivedAt: now) { [flow] control in
                try? flow.caseOf(controlID: control, site: principal.site)
            }
        } catch {
            quarantine(bytes, from: principal, through: door, error)
            metrics.message("hl7v2", outcome: error.code.rawValue)
            exchanged(principal.site, .hl7v2, isAccepted: false)
            let header = HL7v2Adapter.header(of: bytes, profile: profile)
            return HL7Reply(bytes: HL7v2Adapter.refuse(error, to: header, controlID: controlID, at: now))
        }
        do {
            let received = try await receive(
                message.submission,
                source: bytes,
                sourceType: "x-application/hl7-v2+er7",
                from: principal,
                identity: identity,
                through: door,
                patience: patience,
                arrival: arrival
            )
            metrics.message("hl7v2", outcome: "accepted")
            exchanged(principal.site, .hl7v2, isAccepted: true)
            return HL7Reply(
                bytes: HL7v2Adapter.acknowledge(
                    Self.receipt(received.receipt),
                    to: message.header,
                    controlID: controlID,
                    at: clock.now()
                ),
                caseID: received.receipt.caseID
            )
        } catch let refusal as Refusal {
            metrics.message("hl7v2", outcome: refusal.code.rawValue)
            if refusal.code != .busy, refusal.code != .diskFull {
                exchanged(principal.site, .hl7v2, isAccepted: false)
                quarantine(
                    bytes,
                    from: principal,
                    through: door,
                    FormatError(.invalidValue, at: refusal.place ?? "", refusal.code.rawValue)
                )
            }
            let language: Language = profile.charset.uppercased().hasPrefix("GB") ? .zh : .en
            return HL7Reply(
                bytes: HL7v2Adapter.refuse(
                    refusal,
                    to: message.header,
                    controlID: controlID,
                    at: clock.now(),
                    language: language
                )
            )
        } catch {
            logger.error("a message could not be stored", metadata: ["error": "\(error)"])
            metrics.message("hl7v2", outcome: "failed")
            return HL7Reply(
                bytes: HL7v2Adapter.refuse(Refusal(.busy), to: message.header, controlID: controlID, at: clock.now())
            )
        }
    }

    /// The code maps of the site that the message is for; an engine of several sites chooses by MSH-4.
    private func profile(of bytes: [UInt8], from principal: Principal, in network: Network) -> ExchangeProfile {
        let own = network.sites[principal.site]?.profile ?? ExchangeProfile(format: .hl7v2)
        guard let member = network.members[principal], !member.actsFor.isEmpty else { return own }
        let header = HL7v2Adapter.header(of: bytes, profile: own)
        guard let site = SiteID(header.sendingFacility.prefix { $0 != "^" }), member.actsFor.contains(site) else {
            return own
        }
        return network.sites[site]?.profile ?? own
    }

    private static func receipt(_ receipt: Receipt) -> HL7v2Receipt {
        guard let id = receipt.caseID else { return .held("") }
        switch receipt.outcome {
        case .accepted: return .accepted(id)
        case .held: return .held("H-\(id)")
        case .alreadyReceived: return .alreadyReceived(id)
        case .amended(let names): return .amended(id, names.compactMap { Element(rawValue: $0) })
        case .noted: return .done(id, "noted")
        case .done: return .done(id, receipt.phase?.rawValue ?? "done")
        }
    }

    /// MSH-10 of what the hub sends: at most 20 characters before version 2.7; the random part of an identifier.
    static func controlID(_ id: TimeOrderedID) -> String { String(id.description.suffix(20)) }
}
