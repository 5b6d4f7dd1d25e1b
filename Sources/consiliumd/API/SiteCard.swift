import ConsiliumCore

/// A site as answers name it.
struct SiteCard: Encodable {
    var code: SiteID
    var name: String
}
