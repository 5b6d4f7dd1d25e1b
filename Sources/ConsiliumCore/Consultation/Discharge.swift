/// How a patient who had been transferred left the site that the transfer led to.
package struct Discharge: Sendable, Equatable {
    package var isAlive: Bool
    /// The discharging site holds that a lower tier can take over: stable, in rehabilitation or chronic.
    package var isEligibleForLowerTier: Bool

    package init(isAlive: Bool, isEligibleForLowerTier: Bool) {
        self.isAlive = isAlive
        self.isEligibleForLowerTier = isEligibleForLowerTier
    }
}

extension Discharge {
    func write(to w: inout CanonicalWriter) {
        w.field("alive", isAlive)
        w.field("eligibleForLowerTier", isEligibleForLowerTier)
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        self.init(isAlive: try o.bool("alive"), isEligibleForLowerTier: try o.bool("eligibleForLowerTier"))
    }
}
