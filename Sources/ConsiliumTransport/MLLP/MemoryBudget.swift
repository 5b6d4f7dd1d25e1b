/// Bounds what all connections together, and those of one site, hold in memory; a listener asks before it keeps more.
///
/// Called on event loops: must not block.
package protocol MemoryBudget: Sendable {
    /// - Parameter site: the peer's, or empty for one without a certificate.
    /// - Returns: false when the site or all together hold too much already; then nothing was taken.
    func take(_ bytes: Int, _ site: String) -> Bool

    /// Gives back what was taken.
    func give(_ bytes: Int, _ site: String)
}
