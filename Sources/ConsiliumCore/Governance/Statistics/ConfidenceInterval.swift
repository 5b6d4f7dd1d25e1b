/// A range that a method printed beside it gives for the process behind a figure; both ends belong to it.
package struct ConfidenceInterval: Hashable, Sendable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    package func contains(_ value: Double) -> Bool { low <= value && value <= high }

    package var halfWidth: Double { (high - low) / 2 }

    /// In another unit, e.g. times 100 for percent.
    package func scaled(by factor: Double) -> ConfidenceInterval {
        ConfidenceInterval(low: low * factor, high: high * factor)
    }
}

/// How sure an interval or a control limit is, two-sided.
package enum Confidence: String, CaseIterable, Sendable {
    /// Every interval that is printed, and the inner limits of a funnel plot.
    case ninetyFive = "95"
    /// The outer limits of a funnel plot: about three standard errors.
    case ninetyNinePointEight = "99.8"

    /// What lies outside, both sides together.
    package var alpha: Double {
        switch self {
        case .ninetyFive: 0.05
        case .ninetyNinePointEight: 0.002
        }
    }

    /// The standard normal quantile at `1 - alpha / 2`.
    package var z: Double {
        switch self {
        case .ninetyFive: 1.959_963_984_540_054
        case .ninetyNinePointEight: 3.090_232_306_167_813_5
        }
    }
}
