import CXLSXWriter
import ConsiliumCore
import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Sheets as the bytes of an XLSX file, by libxlsxwriter. The library writes to a file: it stands in a folder of its own
/// that is gone before this returns. The only date in it is the one that is given, so that the bytes are the same each
/// time.
struct Workbook {
    enum Cell: Hashable {
        case empty
        /// Defused: a spreadsheet shows it and runs nothing.
        case text(String)
        case number(Double)

        /// The number, or the words that stand for it.
        init(_ value: Double?, or words: String = "") { self = value.map { .number($0) } ?? .words(words) }
        init(_ value: Int?, or words: String = "") { self.init(value.map { Double($0) }, or: words) }

        static func words(_ text: String) -> Cell { text.isEmpty ? .empty : .text(text) }
    }

    struct Sheet {
        /// At most 31 characters, none of `[]:*?/\`.
        var name: String
        /// Lines above the table: what every print carries.
        var header: [[Cell]]
        var columns: [(title: String, width: Double)]
        var rows: [[Cell]]
    }

    var title: String
    var sheets: [Sheet]
    /// Seconds since 1970: the date of the document.
    var created: Int
    /// Stands at the foot of each printed page.
    var footer: String

    /// - Parameter parent: where the folder is made.
    func bytes(in parent: String = NSTemporaryDirectory()) throws(ReportError) -> [UInt8] {
        var template = Array((parent + "/consilium-report-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw .file(String(cString: strerror(errno))) }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/report.xlsx"
        try write(to: path, in: folder)
        do { return Array(try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
            throw .file(String(describing: error))
        }
    }

    private func write(to path: String, in folder: String) throws(ReportError) {
        let book = folder.withCString { folder in
            var options = lxw_workbook_options()
            options.tmpdir = UnsafeMutablePointer(mutating: folder)
            return workbook_new_opt(path, &options)
        }
        guard let book else { throw .workbook("libxlsxwriter made no workbook") }
        var error = LXW_NO_ERROR
        func check(_ result: lxw_error) { if error == LXW_NO_ERROR { error = result } }
        title.withCString { title in
            var properties = lxw_doc_properties()
            properties.title = UnsafeMutablePointer(mutating: title)
            properties.created = time_t(created)
            check(workbook_set_properties(book, &properties))
        }
        let bold = workbook_add_format(book)
        format_set_bold(bold)
        let heading = workbook_add_format(book)
        format_set_bold(heading)
        format_set_text_wrap(heading)
        format_set_bottom(heading, UInt8(LXW_BORDER_MEDIUM.rawValue))
        let wrapped = workbook_add_format(book)
        format_set_text_wrap(wrapped)
        format_set_align(wrapped, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
        for sheet in sheets {
            guard let page = workbook_add_worksheet(book, sheet.name) else {
                check(LXW_ERROR_SHEETNAME_LENGTH_EXCEEDED)
                continue
            }
            add(sheet, to: page, bold: bold, heading: heading, wrapped: wrapped, check)
        }
        // Closing frees the workbook, whatever it returns.
        check(workbook_close(book))
        guard error == LXW_NO_ERROR else { throw .workbook(String(cString: lxw_strerror(error))) }
    }

    private func add(
        _ sheet: Sheet,
        to page: UnsafeMutablePointer<lxw_worksheet>,
        bold: UnsafeMutablePointer<lxw_format>?,
        heading: UnsafeMutablePointer<lxw_format>?,
        wrapped: UnsafeMutablePointer<lxw_format>?,
        _ check: (lxw_error) -> Void
    ) {
        for (column, entry) in sheet.columns.enumerated() {
            let column = lxw_col_t(column)
            check(worksheet_set_column(page, column, column, entry.width, nil))
        }
        var row: lxw_row_t = 0
        func write(_ cells: [Cell], _ format: UnsafeMutablePointer<lxw_format>?) {
            for (column, cell) in cells.enumerated() {
                switch cell {
                case .empty: break
                case .text(let text):
                    check(worksheet_write_string(page, row, lxw_col_t(column), Self.shown(text), format))
                case .number(let number):
                    // A cell of the format has no infinity.
                    guard number.isFinite else { continue }
                    check(worksheet_write_number(page, row, lxw_col_t(column), number, format))
                }
            }
            row += 1
        }
        for cells in sheet.header { write(cells, bold) }
        if !sheet.columns.isEmpty { write(sheet.columns.map { .text($0.title) }, heading) }
        let frozen = row
        for cells in sheet.rows { write(cells, wrapped) }
        worksheet_freeze_panes(page, frozen, 1)
        worksheet_set_landscape(page)
        worksheet_set_paper(page, 9)
        worksheet_fit_to_pages(page, 1, 0)
        check(worksheet_set_footer(page, "&L&6" + Self.footerText(footer) + "&R&8&P / &N"))
    }

    /// At most as long as a cell may be, 32,767 characters.
    private static func shown(_ text: String) -> String { String(CSV.defused(text).prefix(32_000)) }

    /// At most 255 characters may stand at the foot, and `&` begins a command there.
    private static func footerText(_ text: String) -> String {
        // Scalars, not characters: a combining mark hides the sign before it.
        let scalars = DisplayWidth.harmless(text).unicodeScalars.map { $0 == "&" ? "＆" : $0 }
        return String(String.UnicodeScalarView(scalars.prefix(200)))
    }
}
