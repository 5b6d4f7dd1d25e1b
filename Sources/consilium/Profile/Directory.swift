import ConsiliumCore
import ConsiliumTransport
import Foundation

/// The network's sites as the client last saw them: for names, for the site's own code tables, and for the duty
/// telephones when nothing else works.
struct Directory: Sendable {
    var network: Network

    init(sites: [Site], name: String = "") {
        network = Network(name: name)
        for site in sites { network.put(site) }
    }

    /// The stored directory; empty when there is none yet or it cannot be read.
    static func stored(in folder: ProfileFolder) -> Directory {
        guard let data = FileManager.default.contents(atPath: folder.directory),
            let sites = try? JSONDecoder().decode([Site].self, from: data)
        else { return Directory(sites: []) }
        return Directory(sites: sites)
    }

    var isEmpty: Bool { network.directory.isEmpty }

    /// `name (code)`, or the code alone.
    func name(of code: String, _ language: Language) -> String {
        guard let id = SiteID(code), let site = network.sites[id] else { return code }
        return "\(language == .zh ? site.name : site.englishName) (\(code))"
    }

    /// How the site's own messages are read.
    func profile(of site: SiteID?, format: ExchangeProfile.Format) -> ExchangeProfile {
        site.flatMap { network.sites[$0]?.profile } ?? ExchangeProfile(format: format)
    }

    /// Whom to telephone when the network cannot serve: capable sites, nearest in the ladder first, then the
    /// coordination office.
    func duty(for department: DepartmentCode?, near site: SiteID) -> [Site] {
        var sites = network.dutySites(for: department, near: site, count: 3)
        if sites.isEmpty, department != nil { sites = network.dutySites(for: nil, near: site, count: 3) }
        if let office = network.coordinationOffice, office.id != site, !sites.contains(where: { $0.id == office.id }) {
            sites.append(office)
        }
        return sites.filter { !$0.dutyTelephone.isEmpty }
    }

    /// The telephones as lines for a person.
    func dutyText(for department: DepartmentCode?, near site: SiteID, _ language: Language) -> String {
        let sites = duty(for: department, near: site)
        guard !sites.isEmpty else {
            return language == .zh ? "本机没有保存任何值班电话。" : "No duty telephone is stored here."
        }
        let heading =
            language == .zh
            ? "请立即电话联系（\(department.map { $0.name } ?? "任何科室")）："
            : "Telephone at once (\(department.map { "\($0) \($0.name)" } ?? "any department")):"
        let rows = sites.map { site in
            Value.object([
                "telephone": .string(site.dutyTelephone), "tier": .string(Terms.text(site.tier.rawValue, language)),
                "site": .string("\(language == .zh ? site.name : site.englishName) (\(site.id))"),
            ])
        }
        let table = Table(
            [
                .init("telephone", Phrase("DUTY TELEPHONE", "值班电话")), .init("site", Phrase("SITE", "机构")),
                .init("tier", Phrase("TIER", "级别")),
            ],
            rows: rows
        )
        return heading + "\n" + table.aligned(language)
    }
}

extension Session {
    /// Fetches the directory and keeps it.
    @discardableResult
    func refreshDirectory() async throws -> Directory {
        let response = try await send("GET", "/network/directory", headers: [HubHeader("Accept", "application/json")])
        let sites = try JSONDecoder().decode([Site].self, from: Data(response.body))
        try PrivateFile.write(response.body, to: folder.directory)
        return Directory(sites: sites)
    }

    /// What a command does on its way out, quietly: renews the certificate when a third of its life has passed, and
    /// fetches the directory once a day. A failure is left to the next command.
    func housekeep(now: Date = Date()) async {
        do {
            let changed =
                try? FileManager.default.attributesOfItem(atPath: folder.directory)[.modificationDate] as? Date
            if changed.map({ now.timeIntervalSince($0) > 86_400 }) ?? true { try await refreshDirectory() }
            if identity.isDueForRenewal(at: now) { _ = try await Renewal.renew(self) }
        } catch {
            return
        }
    }
}
