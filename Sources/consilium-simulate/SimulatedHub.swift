import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import Foundation

/// One hub without sockets: doors, ledger and store, on files of its own. It can die at any point.
final class SimulatedHub {
    private(set) var folder: String
    let root: String
    let intake: Intake
    private(set) var store: Store
    private(set) var ledger: Ledger
    private var entropy: SeededEntropy
    private var seeds: SeededEntropy
    private var generation = 0

    var cases: CaseReader { CaseReader(store: store, intake: intake) }
    var flow: FlowReader { FlowReader(store: store, intake: intake) }
    var network: Network { ledger.network }

    /// `root` is an empty folder, for this run alone.
    init(root: String, seed: UInt64, at now: Instant) throws {
        self.root = root
        folder = root + "/0"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        seeds = SeededEntropy(seed: seed ^ 0xC0_5111)
        entropy = SeededEntropy(seed: seeds.next())
        store = try Store(path: folder + "/ledger.db", options: Self.options)
        try store.migrate(Tables.migrations)
        let masters = try MasterKeys([MasterKey(version: 1, entropy: &entropy)])
        let (keys, wrapped) = try KeyRing.create(network: "simulated", masters: masters, entropy: &entropy)
        let store = self.store
        try store.write { try NetworkKeyTable.store(wrapped, masters: masters, in: $0) }
        intake = Intake(keys: keys, masters: masters, blobs: BlobStore(directory: root + "/blobs"))
        ledger = try Ledger(store: store, intake: intake, entropy: SeededEntropy(seed: seeds.next()), now: now)
    }

    private static let options = {
        var options = Store.Options()
        options.readers = 1
        options.cacheKiB = 4_096
        return options
    }()

    // MARK: Dying

    /// The process dies and another starts on the same files.
    func restart(at now: Instant) throws {
        // The dead process closed nothing: its connections live until the new ones stand.
        let next = try Store(path: folder + "/ledger.db", options: Self.options)
        ledger = try open(next, at: now)
        store = next
        entropy = SeededEntropy(seed: seeds.next())
    }

    /// The machine loses power with only `size` bytes of the WAL on the disk, and starts again.
    func restart(keeping size: Int, at now: Instant) throws {
        generation += 1
        let next = root + "/\(generation)"
        try FileManager.default.createDirectory(atPath: next, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: folder + "/ledger.db", toPath: next + "/ledger.db")
        let log = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder + "/ledger.db-wal"))
        let kept = try log.read(upToCount: size) ?? Data()
        try log.close()
        try kept.write(to: URL(fileURLWithPath: next + "/ledger.db-wal"))
        try store.close()
        try FileManager.default.removeItem(atPath: folder)
        folder = next
        try restart(at: now)
    }

    private func open(_ store: Store, at now: Instant) throws -> Ledger {
        try Ledger(store: store, intake: intake, entropy: SeededEntropy(seed: seeds.next()), now: now)
    }

    /// Bytes of the WAL on the disk.
    var logSize: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/ledger.db-wal")
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    // MARK: Doors

    /// Reads an errand as the door that it came by does; a refusal when it never reaches the ledger.
    func input(for errand: Errand, at now: Instant) throws -> Input {
        let network = network
        let principal = errand.principal
        switch errand.content {
        case .hl7(let bytes):
            let profile = profile(of: bytes, from: principal, in: network)
            let flow = flow
            let message = try HL7v2Adapter.decode(bytes, profile: profile, receivedAt: now) { control in
                try? flow.caseOf(controlID: control, site: principal.site)
            }
            return try input(message.submission, errand, source: bytes, through: .mllp, at: now)
        case .bundle(let bytes):
            let profile = network.sites[principal.site]?.profile ?? ExchangeProfile(format: .fhir)
            let interaction = try FHIRAdapter.decodeBundle(bytes, profile: profile)
            return try input(interaction.submission, errand, source: bytes, through: .fhir, at: now)
        case .fhir(let method, let path, let body):
            let profile = network.sites[principal.site]?.profile ?? ExchangeProfile(format: .fhir)
            let parts = path.split(separator: "/").map { String($0) }
            let interaction =
                method == "PUT" && parts.count == 3
                ? try FHIRAdapter.decodeUpdate(type: parts[1], id: parts[2], body, profile: profile)
                : parts.count > 1
                    ? try FHIRAdapter.decodeCreate(type: parts[1], body, profile: profile)
                    : try FHIRAdapter.decodeBundle(body, profile: profile)
            return try input(interaction.submission, errand, source: body, through: .fhir, at: now)
        case .act(let reference, let act):
            return .act(
                PreparedAct(
                    principal: principal,
                    reference: reference,
                    act: act,
                    expectedVersion: errand.ifMatch
                )
            )
        }
    }

    private func profile(of bytes: [UInt8], from principal: Principal, in network: Network) -> ExchangeProfile {
        let own = network.sites[principal.site]?.profile ?? ExchangeProfile(format: .hl7v2)
        let header = HL7v2Adapter.header(of: bytes, profile: own)
        return SiteID(header.sendingFacility).flatMap { network.sites[$0]?.profile } ?? own
    }

    private func input(
        _ submission: Submission,
        _ errand: Errand,
        source: [UInt8],
        through door: Door,
        at now: Instant
    ) throws -> Input {
        let network = network
        let stated = submission.statedSite.flatMap {
            $0 == errand.principal.site || network.sites[$0] == nil ? nil : $0
        }
        switch submission.intent {
        case .application(let application):
            let actor = try network.actor(errand.principal, for: stated)
            guard let id = actor.site, let site = network.sites[id] else { throw Refusal(.siteUnknown) }
            return .submit(
                try intake.prepare(
                    application,
                    of: submission,
                    source: source,
                    sourceType: door == .fhir ? "application/fhir+json" : "x-application/hl7-v2+er7",
                    from: errand.principal,
                    for: site,
                    through: door,
                    at: now,
                    entropy: &entropy
                )
            )
        case .act(let reference, let act):
            let identity = submission.messageID.map {
                intake.identity(
                    of: act,
                    message: $0,
                    sender: submission.statedSender,
                    site: stated ?? errand.principal.site,
                    source: source
                )
            }
            return .act(
                PreparedAct(
                    principal: errand.principal,
                    stated: stated,
                    reference: reference,
                    act: act,
                    identity: identity,
                    expectedVersion: errand.ifMatch,
                    source: source
                )
            )
        }
    }

    // MARK: Deliveries

    /// The message of a delivery, as the hub writes it at the first attempt; nil when nothing may be disclosed any more.
    func write(_ row: FlowReader.DeliveryRow, at now: Instant) throws -> HL7v2Outbound? {
        guard let site = network.sites[row.site] else { return nil }
        let view = try cases.record(row.caseID, for: row.site, in: network)
        let controlID = String(row.id.description.suffix(20))
        let record = view.record
        func answer(_ news: HL7v2News) -> HL7v2Outbound {
            HL7v2Adapter.answer(news, record, from: Scenery.office, controlID: controlID, at: now)
        }
        switch row.kind {
        case .referral:
            return HL7v2Adapter.referral(record, to: site, from: Scenery.office, controlID: controlID, at: now)
        case .report: return HL7v2Adapter.report(record, from: Scenery.office, controlID: controlID, at: now)
        case .accepted: return answer(.accepted)
        case .declined: return answer(.declined(reason: "exhausted"))
        case .closed: return answer(.closed(reason: "closed"))
        }
    }
}
