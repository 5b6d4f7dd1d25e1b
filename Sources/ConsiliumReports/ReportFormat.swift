package import ConsiliumCore

/// The forms in which a report can be had.
package enum ReportFormat: String, CaseIterable, Sendable {
    /// Lines for a terminal of 100 columns.
    case table
    case json
    case csv
    /// One page that needs nothing else.
    case html
    case pdf
    case xlsx
}

/// Which part of a report is printed; each carries the period, the model's version and the snapshot.
package enum ReportPart: Hashable, Sendable {
    /// Everything.
    case scorecard
    /// One measure with its strata, trend and funnel plot, by identifier.
    case measure(String)
    case profile
    case triangle
    case sensitivity
}

/// Why a report is not printed.
package enum ReportError: Error, Hashable, Sendable {
    /// No measure of the report has this identifier.
    case unknownMeasure(String)
    /// A number of the report is infinite or none at all, so that JSON has no form for it.
    case notANumber
    /// WeasyPrint, which sets the pages, is not on PATH.
    case weasyPrintMissing
    /// WeasyPrint was ended after so many seconds.
    case weasyPrintTooSlow(seconds: Int)
    /// WeasyPrint's status, and the end of what it said.
    case weasyPrintFailed(status: Int32, String)
    /// What the system or the library for workbooks says; the report was not written.
    case workbook(String)
    case file(String)

    /// One sentence for a person, with the next step where there is one.
    package func sentence(_ language: Language) -> String {
        let text =
            switch self {
            case .unknownMeasure(let id):
                BilingualText("the report has no measure \(shown(id))", "报告中没有指标 \(shown(id))")
            case .notANumber:
                BilingualText("a figure of the report is not a finite number", "报告中有数值不是有限数")
            case .weasyPrintMissing:
                BilingualText(
                    "PDF needs WeasyPrint, which is not on PATH; install it: apt install weasyprint fonts-noto-cjk",
                    "生成 PDF 需要 WeasyPrint，但 PATH 中没有；请安装：apt install weasyprint fonts-noto-cjk"
                )
            case .weasyPrintTooSlow(let seconds):
                BilingualText(
                    "WeasyPrint was not done after \(seconds) seconds and was ended; ask for one part of the report",
                    "WeasyPrint 超过 \(seconds) 秒仍未完成，已被终止；请只输出报告的一部分"
                )
            case .weasyPrintFailed(let status, let text):
                BilingualText(
                    "WeasyPrint ended with status \(status): \(shown(text))",
                    "WeasyPrint 以状态 \(status) 结束：\(shown(text))"
                )
            case .workbook(let text):
                BilingualText("the workbook could not be written: \(shown(text))", "无法写出工作簿：\(shown(text))")
            case .file(let text): BilingualText("a file could not be used: \(shown(text))", "无法使用文件：\(shown(text))")
            }
        return text.text(language)
    }

    private func shown(_ text: String) -> String { DisplayWidth.harmless(text) }
}
