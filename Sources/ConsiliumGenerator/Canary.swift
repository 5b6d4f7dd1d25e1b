/// A mark that stands in name, numbers and free text of one generated case, and nowhere else: where it shows outside a
/// seal, patients would have shown.
package struct Canary: Sendable {
    /// What every mark begins with; no other text of a ledger holds it.
    package static let prefix = "KANARI"

    /// `KANARI`, then eight digits of the case's number.
    package let text: String

    package init(case number: Int) {
        let digits = String(number)
        text = Self.prefix + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
}
