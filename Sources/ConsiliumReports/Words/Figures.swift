import ConsiliumCore
import Foundation

/// How numbers are written: the same digits on every machine, a point before the decimals.
enum Figures {
    /// `value` with `digits` decimals, and no minus before a zero.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let text = String(format: "%.\(digits)f", value)
        return text.hasPrefix("-") && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
    }

    /// A difference in two decimals, with its sign.
    static func signed(_ value: Double) -> String {
        let text = fixed(value, 2)
        return text.hasPrefix("-") ? text : "+" + text
    }

    /// `value` in a measure's or companion's unit: `%`, `1`, `d`, `h` or `min`.
    static func value(_ value: Double, unit: String, _ language: Language) -> String {
        number(value, unit: unit) + suffix(unit, language)
    }

    /// `low–high`, the unit once.
    static func interval(_ low: Double?, _ high: Double?, unit: String, _ language: Language) -> String? {
        range(low, high, unit: unit, language).map { $0 + suffix(unit, language) }
    }

    /// `low–high` without a unit; a word between them where a minus could be misread.
    static func range(_ low: Double?, _ high: Double?, unit: String, _ language: Language) -> String? {
        guard let low, let high else { return nil }
        let between = low < 0 ? (language == .zh ? " 至 " : " to ") : "–"
        return "\(number(low, unit: unit))\(between)\(number(high, unit: unit))"
    }

    /// 0...1 in two decimals, as scores are printed.
    static func score(_ value: Double) -> String { fixed(value, 2) }

    /// Without its unit. A percentage that is neither 0 nor 100 is never rounded to either.
    static func number(_ value: Double, unit: String) -> String {
        guard unit == "%" else { return fixed(value, unit == "1" ? 2 : 1) }
        for digits in 1...4 {
            let text = fixed(value, digits)
            let rounded = Double(text)
            if (rounded != 0 || value == 0) && (rounded != 100 || value == 100) { return text }
        }
        return fixed(value, 4)
    }

    private static func suffix(_ unit: String, _ language: Language) -> String {
        switch (unit, language) {
        case ("%", _): " %"
        case ("d", .en): " d"
        case ("d", .zh): " 天"
        case ("h", .en): " h"
        case ("h", .zh): " 小时"
        case ("min", .en): " min"
        case ("min", .zh): " 分钟"
        default: ""
        }
    }

    /// Separated by a comma or `、`.
    static func list(_ texts: [String], _ language: Language) -> String {
        texts.joined(separator: language == .zh ? "、" : ", ")
    }
}
