import ConsiliumAdapters
import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Logging
import NIOConcurrencyHelpers
import NIOCore

/// What every door of the hub works with.
final class Hub: Sendable {
    static let version = "0.1.0"
    static let releaseDate = "2026-11-22"

    let home: Home
    let configuration: HubConfiguration
    let clock: any HubClock
    let ledger: LedgerService
    let intake: Intake
    let cases: CaseReader
    let flow: FlowReader
    let history: NetworkHistory
    let governance: ReportDesk
    let certificates: CertificateDesk
    let connections: ConnectionRegistry
    let signals: Signals
    let channels = ChannelWatch()
    let access = AccessLog()
    let exchanges = ExchangeLog()
    let metrics = HubMetrics()
    let bodies = BodyBudget()
    /// Bytes of refused frames on their way into quarantine.
    let quarantining = NIOLockedValueBox(0)
    let disk: any DiskSpaceProbe
    let ports: PortsBox
    let logger: Logger

    init(
        home: Home,
        configuration: HubConfiguration,
        clock: any HubClock,
        ledger: LedgerService,
        intake: Intake,
        certificates: CertificateDesk,
        connections: ConnectionRegistry,
        signals: Signals,
        disk: any DiskSpaceProbe,
        ports: PortsBox,
        logger: Logger
    ) {
        self.home = home
        self.configuration = configuration
        self.clock = clock
        self.ledger = ledger
        self.intake = intake
        cases = CaseReader(store: ledger.store, intake: intake)
        flow = FlowReader(store: ledger.store, intake: intake)
        history = NetworkHistory(store: ledger.store)
        governance = ReportDesk(ledger: ledger, intake: intake, clock: clock)
        self.certificates = certificates
        self.connections = connections
        self.signals = signals
        self.disk = disk
        self.ports = ports
        self.logger = logger
    }

    var network: Network { ledger.network }

    /// Whether a principal may be connected at all; asked at each handshake and again after each revocation.
    static func admission(_ ledger: LedgerService) -> Admission {
        { identity in
            let network = ledger.network
            guard let principal = Principal(identity) else { return PeerRejection(.notPrincipalName) }
            guard let member = network.members[principal] else { return PeerRejection(.principalUnknown) }
            if member.revokedAt != nil || network.revokedFingerprints.contains(identity.fingerprint) {
                return PeerRejection(.principalRevoked)
            }
            guard member.certificates.contains(where: { $0.fingerprint == identity.fingerprint }) else {
                return PeerRejection(.principalUnknown, "a certificate that this hub did not issue or has replaced")
            }
            if network.sites[principal.site]?.status != .active { return PeerRejection(.siteSuspended) }
            return nil
        }
    }

    /// The principal of the connection that the current request came by, and its identity.
    func caller() throws(Refusal) -> (principal: Principal, identity: PeerIdentity) {
        guard let identity = PeerConnection.current?.identity, let principal = Principal(identity) else {
            throw Refusal(.principalUnknown)
        }
        return (principal, identity)
    }

    /// The caller as an actor; being heard from counts as a live channel.
    func actor(for stated: SiteID? = nil) async throws(Refusal) -> Actor {
        let (principal, _) = try caller()
        let network = network
        let actor = try network.actor(principal, for: stated)
        await hear(principal.site, network)
        return actor
    }

    func hear(_ site: SiteID, _ network: Network) async {
        if channels.hear(site, at: clock.now(), in: network) {
            _ = await ledger.execute(.network(.channel(site, isLive: true), by: nil, payload: nil))
        }
    }

    /// The site that a message is for: what it states counts only when the network knows that site.
    func stated(_ site: SiteID?, by principal: Principal, in network: Network) -> SiteID? {
        guard let site, site != principal.site, network.sites[site] != nil else { return nil }
        return site
    }

    /// A tenth of the disk is kept free: below it writes are refused and reads go on.
    func requireSpace() throws(Refusal) {
        guard let space = try? disk.space(at: home.data) else { return }
        if space.isLow { throw Refusal(.diskFull) }
    }

    /// Runs an input and gives back its receipt.
    func execute(_ input: Input, _ arrival: Arrival? = nil) async throws -> Receipt {
        switch await ledger.execute(input, arrival) {
        case .success(let receipt): return receipt
        case .failure(.refused(let refusal)): throw refusal
        case .failure(.store(let error)):
            if error.code == .full { throw Refusal(.diskFull) }
            throw error
        case .failure(.internalError(let text)): throw HubError(text)
        }
    }

    /// The same, waiting up to `patience` for a place in the intake: the caller reads nothing meanwhile.
    func execute(_ input: Input, patience: Duration, _ arrival: Arrival? = nil) async throws -> Receipt {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await execute(input, arrival)
            } catch let refusal as Refusal where refusal.code == .busy && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// One case as the caller may see it, with the disclosure on record.
    func view(_ id: CaseID, as actor: Actor, content: AccessEvent.Content = .application) throws -> CaseReader.View {
        let now = clock.now()
        let isGlassBroken =
            actor.roles.contains(.auditor)
            && actor.principal.map { governance.state.isGlassBroken(id, for: $0, at: now) } ?? false
        let view = try cases.view(id, as: actor, in: network, isGlassBroken: isGlassBroken)
        if view.discloses, let principal = actor.principal, let site = actor.site {
            access.note(id, by: principal, for: site, content: content, at: now)
        }
        return view
    }

    /// A drawn case as experts of the site see it that is to rate it again, with the disclosure on record; nil for everybody
    /// else.
    func ratingView(_ id: CaseID, as actor: Actor) throws -> CaseReader.RatingView? {
        guard let principal = actor.principal, let site = actor.site else { return nil }
        let now = clock.now()
        let isRater = governance.state.isRater(site, of: id, at: now)
        guard let view = try cases.ratingView(id, as: actor, isRater: isRater, in: network) else { return nil }
        access.note(id, by: principal, for: site, content: .application, at: now)
        return view
    }

    /// What follows a commit: news for those who wait, and connections closed that may no longer be open.
    func follow(_ effects: Ledger.Effects) {
        signals.raise(effects.sites.union(effects.deliveries))
        if effects.revoked || effects.network {
            let closed = connections.reevaluate(Self.admission(ledger))
            if closed > 0 { logger.notice("connections closed", metadata: ["count": "\(closed)"]) }
        }
    }
}

extension Principal {
    /// The principal that a certificate names.
    init?(_ identity: PeerIdentity) {
        let name = identity.principal
        guard let site = SiteID(name.site) else { return nil }
        self.init(site: site, kind: name.kind == .node ? .node : .operator, name: name.name)
    }
}
