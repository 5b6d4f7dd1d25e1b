/// A random sample of a period's cases, to be checked against their source or rated again.
///
/// Nobody can choose the cases: an auditor seals the digest of a secret before the period begins and reveals it after its
/// end; the sample's random numbers come from that secret alone.
package struct Sample: Hashable, Sendable {
    package enum Purpose: String, CaseIterable, Sendable, Codable {
        /// An auditor compares the events with the site's originals.
        case source
        /// A clinician of an uninvolved site rates the appropriate tier again, blind.
        case secondRating = "second-rating"
    }

    package enum Outcome: String, CaseIterable, Sendable, Codable {
        case confirmed
        case discrepant
        /// The original was not there.
        case missing
    }

    /// What was sealed.
    package struct Seal: Hashable, Sendable, Codable {
        /// `2026-09`, `2026-Q3` or `2026`.
        package var period: String
        package var purpose: Purpose
        /// How many cases are to be drawn.
        package var size: Int
        /// SHA-256 of the secret's 32 bytes, lower-case hexadecimal.
        package var commitment: String

        package init(period: String, purpose: Purpose, size: Int, commitment: String) {
            self.period = period
            self.purpose = purpose
            self.size = size
            self.commitment = commitment
        }
    }

    /// The secret, and what was drawn by it; anybody can draw again and compare.
    package struct Reveal: Hashable, Sendable, Codable {
        package var period: String
        package var purpose: Purpose
        /// 32 bytes, lower-case hexadecimal.
        package var secret: String
        /// `AuditReference`s of the cases in the order drawn.
        package var references: [String]

        package init(period: String, purpose: Purpose, secret: String, references: [String]) {
            self.period = period
            self.purpose = purpose
            self.secret = secret
            self.references = references
        }

        /// What `SplitMix64` starts from: the secret's first 8 bytes, big-endian.
        package var seed: UInt64? { bytes(hexadecimal: secret).map { UInt64(digest: $0) } }
    }

    /// One case of the sample by its source, for the measures that it was checked for.
    package struct Check: Hashable, Sendable, Codable {
        package var period: String
        package var reference: String
        package var measures: [String]
        package var outcome: Outcome
        /// Who showed the originals.
        package var site: SiteID

        package init(period: String, reference: String, measures: [String], outcome: Outcome, site: SiteID) {
            self.period = period
            self.reference = reference
            self.measures = measures
            self.outcome = outcome
            self.site = site
        }
    }

    package struct Key: Hashable, Sendable {
        package var period: String
        package var purpose: Purpose

        package init(_ period: String, _ purpose: Purpose) {
            self.period = period
            self.purpose = purpose
        }
    }

    package var seal: Seal
    package var sealedAt: Instant
    package var reveal: Reveal?
    package var checks: [Check]

    /// The largest sample that is taken.
    package static let most = 10_000
}

extension Sample.Seal {
    /// What `secret` draws of the cases of the period, in whatever order these come; nil unless the secret is 32 bytes in
    /// lower-case hexadecimal. Whether it is the sealed one, the ledger decides.
    package func reveal(_ secret: String, of population: some Sequence<AuditReference>) -> Sample.Reveal? {
        var reveal = Sample.Reveal(period: period, purpose: purpose, secret: secret, references: [])
        guard RegisterText.isDigest(secret), let seed = reveal.seed else { return nil }
        var random = SplitMix64(seed: seed)
        reveal.references = random.sample(size, of: population.sorted()).map(\.description)
        return reveal
    }
}
