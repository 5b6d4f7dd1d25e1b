/// Who acts: one certificate. What it may do is granted in the ledger.
package struct Principal: Hashable, Sendable, Codable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable {
        /// A site's interface engine.
        case node
        /// A person at a site.
        case `operator` = "op"
    }

    package var site: SiteID
    package var kind: Kind
    /// 1 to 64 of letters, digits, `.`, `_`, `-`; not `.` or `..`.
    package var name: String

    package init(site: SiteID, kind: Kind, name: String) {
        self.site = site
        self.kind = kind
        self.name = name
    }

    /// `SITE/node/NAME` or `SITE/op/NAME`: the path of the SPIFFE identifier.
    package var description: String { "\(site)/\(kind.rawValue)/\(name)" }

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let site = SiteID(parts[0]), let kind = Kind(rawValue: String(parts[1])),
            Self.isName(parts[2])
        else { return nil }
        self.init(site: site, kind: kind, name: String(parts[2]))
    }

    package static func isName(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy {
                ($0 >= 48 && $0 <= 57) || ($0 >= 65 && $0 <= 90) || ($0 >= 97 && $0 <= 122) || $0 == 45 || $0 == 46
                    || $0 == 95
            }
    }
}

/// Roles of DESIGN.md, "Identity"; granted per principal, checked per command.
package enum Role: String, CaseIterable, Sendable, Codable {
    case requester
    case expert
    case coordinator
    case siteAdministrator = "site-administrator"
    case networkAdministrator = "network-administrator"
    case auditor
}

extension Set<Role> {
    /// Who treats, answers or coordinates may read what is clinical; who administers or audits may not.
    package var mayReadClinicalContent: Bool { !isDisjoint(with: [.requester, .expert, .coordinator]) }
}

/// Who a command comes from, and for which site it speaks.
package struct Actor: Hashable, Sendable {
    /// nil is the hub itself (timers, routing).
    package var principal: Principal?
    /// The site spoken for: the principal's own, or one it was granted `acts-for`.
    package var site: SiteID?
    package var roles: Set<Role>

    package init(principal: Principal?, site: SiteID?, roles: Set<Role>) {
        self.principal = principal
        self.site = site
        self.roles = roles
    }

    package static let hub = Actor(principal: nil, site: nil, roles: [])
}
