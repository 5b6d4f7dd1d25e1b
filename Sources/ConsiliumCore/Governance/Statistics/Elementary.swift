#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The few functions that the C library gives; where a square root does, none is asked, so that the last digit is the
/// same everywhere.
enum Elementary {
    /// Of values that are not negative, with positive weights that add up to `total`; 0 when one value is 0.
    static func weightedGeometricMean(_ values: [(value: Double, weight: Double)], total: Double) -> Double {
        if values.count == 2, values[0].weight == values[1].weight {
            return (values[0].value * values[1].value).squareRoot()
        }
        guard values.allSatisfy({ $0.value > 0 }) else { return 0 }
        return exp(values.reduce(0) { $0 + log($1.value) * $1.weight } / total)
    }
}
