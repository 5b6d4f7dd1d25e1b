#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// One rate divided by another, each events per population, with the interval that takes the logarithm of the ratio as
/// normal with variance 1/a + 1/b (Rothman, Greenland, Lash 2008, Modern Epidemiology, chapter 14).
///
/// The exponential is the C library's, so the last digits may differ between systems: print it rounded.
package struct RateRatio: Hashable, Sendable {
    package let value: Double
    /// None when either side has no event: its logarithm has no variance.
    package let interval: ConfidenceInterval?

    /// nil when there is no ratio: no event below the line, a population of 0, a negative count.
    package init?(
        events: Int,
        population: Int,
        toEvents base: Int,
        population basePopulation: Int,
        _ confidence: Confidence = .ninetyFive
    ) {
        guard events >= 0, base > 0, population > 0, basePopulation > 0 else { return nil }
        value = Double(events) / Double(population) / (Double(base) / Double(basePopulation))
        if events == 0 {
            interval = nil
        } else {
            let factor = exp(confidence.z * (1 / Double(events) + 1 / Double(base)).squareRoot())
            interval = ConfidenceInterval(low: value / factor, high: value * factor)
        }
    }
}
