/// All that is wrong in a form, in the order of its rows and columns.
package struct SiteReturnDefects: Error, Equatable, Sendable {
    package var all: [FormatError]
}

extension SiteReturn {
    /// The form's header. Reading takes each column under either name, in any order.
    package static func header(_ language: Language) -> [String] {
        Column.allCases.map { language == .zh ? $0.chinese : $0.rawValue }
    }

    /// Reads the form: CSV (RFC 4180) in UTF-8, a header and a row for each proposal or investment.
    ///
    /// The row of the header is 1. With a single bad row nothing is taken, and the first `mostDefects` bad cells are named.
    ///
    /// - Parameters:
    ///   - digest: SHA-256 of `csv`, hexadecimal; the signature covers the same bytes.
    ///   - today: the day of filing; nothing later can be declared.
    package init(
        csv: [UInt8],
        site: SiteID,
        year: Int,
        digest: String,
        signature: String,
        isCoordinationOffice: Bool,
        at today: CivilDay
    ) throws(SiteReturnDefects) {
        self.init(site: site, year: year, proposals: [], investments: [], form: digest, signature: signature)
        let table: [[String]]
        do throws(FormatError) {
            table = try CSVTable.rows(csv)
        } catch {
            throw SiteReturnDefects(all: [error])
        }
        var reader = SiteReturnReader(try Self.columns(table.first ?? []))
        for (index, cells) in table.enumerated().dropFirst()
        where cells != [""] && reader.defects.count < Self.mostDefects {
            reader.read(cells, row: index + 1, into: &self)
        }
        // What the parts say is looked at only when every cell can be read.
        if reader.defects.isEmpty { reader.defects = defects(isCoordinationOffice: isCoordinationOffice, at: today) }
        guard reader.defects.isEmpty else {
            throw SiteReturnDefects(all: Array(reader.defects.prefix(Self.mostDefects)))
        }
        proposalRows = []
        investmentRows = []
    }

    private static func columns(_ header: [String]) throws(SiteReturnDefects) -> [Column] {
        var columns: [Column] = []
        var defects: [FormatError] = []
        for (index, name) in header.enumerated() where defects.count < mostDefects {
            guard let column = Column.allCases.first(where: { $0.rawValue == name || $0.chinese == name }) else {
                defects.append(FormatError(.unknownCode, at: "row 1, column \(index + 1)", "no such column"))
                continue
            }
            if columns.contains(column) {
                defects.append(FormatError(.duplicateKey, at: place(1, column), "the column stands twice"))
            }
            columns.append(column)
        }
        for column in Column.allCases where defects.isEmpty && !columns.contains(column) {
            defects.append(FormatError(.missing, at: place(1, column), "the column is missing"))
        }
        guard defects.isEmpty else { throw SiteReturnDefects(all: defects) }
        return columns
    }
}

/// Reads rows of the form, noting each cell that cannot be read.
private struct SiteReturnReader {
    let columns: [SiteReturn.Column]
    var defects: [FormatError] = []
    private var cells: [SiteReturn.Column: String] = [:]
    private var row = 0

    init(_ columns: [SiteReturn.Column]) { self.columns = columns }

    mutating func read(_ texts: [String], row: Int, into form: inout SiteReturn) {
        self.row = row
        guard texts.count == columns.count else {
            defects.append(
                FormatError(.unparsable, at: "row \(row)", "\(texts.count) cells where \(columns.count) are expected")
            )
            return
        }
        cells = [:]
        for (column, text) in zip(columns, texts) where !text.isEmpty { cells[column] = text }
        guard let text = cells[.kind] else { return note(.missing, .kind, "rule-proposal or investment") }
        guard let kind = SiteReturn.Kind.allCases.first(where: { $0.rawValue == text || $0.chinese == text }) else {
            return note(.unknownCode, .kind, "rule-proposal or investment")
        }
        for column in SiteReturn.Column.allCases where !column.belongs(to: kind) && cells[column] != nil {
            note(.invalidValue, column, "stays empty in a row of \(kind.rawValue)")
        }
        let before = defects.count
        let reference = required(.reference)
        switch kind {
        case .proposal:
            let initiator: SiteReturn.RuleProposal.Initiator? = code(.initiator, isRequired: true)
            let proposedOn = day(.proposed, isRequired: true)
            let decision: SiteReturn.RuleProposal.Decision? = code(.decision, isRequired: false)
            let decidedOn = day(.decided, isRequired: false)
            guard defects.count == before, let reference, let initiator, let proposedOn else { return }
            form.proposals.append(
                SiteReturn.RuleProposal(
                    reference: reference,
                    initiator: initiator,
                    proposedOn: proposedOn,
                    decision: decision,
                    decidedOn: decidedOn
                )
            )
            form.proposalRows.append(row)
        case .investment:
            let decidedOn = day(.decided, isRequired: true)
            let decider: SiteReturn.InvestmentItem.Decider? = code(.decider, isRequired: true)
            let amount = amount()
            guard defects.count == before, let reference, let decidedOn, let decider, let amount else { return }
            form.investments.append(
                SiteReturn.InvestmentItem(
                    reference: reference,
                    decidedOn: decidedOn,
                    decider: decider,
                    amount: amount
                )
            )
            form.investmentRows.append(row)
        }
    }

    private mutating func note(_ code: FormatError.Code, _ column: SiteReturn.Column, _ message: String) {
        defects.append(FormatError(code, at: SiteReturn.place(row, column), message))
    }

    private mutating func required(_ column: SiteReturn.Column) -> String? {
        if cells[column] == nil { note(.missing, column, "it is empty") }
        return cells[column]
    }

    private mutating func code<Value: RawRepresentable & CaseIterable>(
        _ column: SiteReturn.Column,
        isRequired: Bool
    ) -> Value? where Value.RawValue == String {
        guard let text = isRequired ? required(column) : cells[column] else { return nil }
        if let value = Value(rawValue: text) { return value }
        note(.unknownCode, column, Value.allCases.map(\.rawValue).joined(separator: ", "))
        return nil
    }

    private mutating func day(_ column: SiteReturn.Column, isRequired: Bool) -> CivilDay? {
        guard let text = isRequired ? required(column) : cells[column] else { return nil }
        if let day = CivilDay(text) { return day }
        note(.invalidValue, column, "YYYY-MM-DD")
        return nil
    }

    private mutating func amount() -> Int? {
        guard let text = required(.amount) else { return nil }
        if text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(text) { return value }
        note(.invalidValue, .amount, "a whole number of fen")
        return nil
    }
}

/// Comma-separated values as RFC 4180 has them: quotes around a cell, doubled within it, lines ended by CRLF or LF.
private enum CSVTable {
    /// The most that a form may weigh.
    static let mostBytes = 4 << 20
    /// No form has that many columns.
    static let mostCells = 64

    static func rows(_ bytes: [UInt8]) throws(FormatError) -> [[String]] {
        guard bytes.count <= mostBytes else { throw FormatError(.tooLong, at: "form", "at most \(mostBytes) bytes") }
        guard var text = String(validating: bytes, as: UTF8.self) else {
            throw FormatError(.undecodable, at: "form", "not UTF-8")
        }
        if text.first == "\u{FEFF}" { text.removeFirst() }
        var rows: [[String]] = []
        var row: [String] = []
        var cell = ""
        var isQuoted = false
        var isAfterQuote = false
        for scalar in text.unicodeScalars {
            if isQuoted {
                if scalar == "\"" {
                    isQuoted = false
                    isAfterQuote = true
                } else {
                    cell.unicodeScalars.append(scalar)
                }
                continue
            }
            switch scalar {
            case "\"" where isAfterQuote:
                cell.unicodeScalars.append(scalar)
                isQuoted = true
                isAfterQuote = false
            case "\"" where cell.isEmpty: isQuoted = true
            case ",", "\n":
                guard row.count < mostCells else {
                    throw FormatError(.tooLong, at: "row \(rows.count + 1)", "at most \(mostCells) cells")
                }
                if scalar == "\n", cell.last == "\r" { cell.removeLast() }
                row.append(cell)
                cell = ""
                isAfterQuote = false
                if scalar == "\n" {
                    rows.append(row)
                    row = []
                    // The header is one more.
                    guard rows.count <= SiteReturn.mostRows + 1 else { throw tooManyRows }
                }
            case "\r": cell.unicodeScalars.append(scalar)
            case "\"":
                throw FormatError(.unparsable, at: "row \(rows.count + 1), column \(row.count + 1)", "a stray quote")
            default:
                guard !isAfterQuote else {
                    throw FormatError(
                        .unparsable,
                        at: "row \(rows.count + 1), column \(row.count + 1)",
                        "text after the closing quote"
                    )
                }
                cell.unicodeScalars.append(scalar)
            }
        }
        guard !isQuoted else {
            throw FormatError(.unparsable, at: "row \(rows.count + 1), column \(row.count + 1)", "an open quote")
        }
        if !cell.isEmpty || !row.isEmpty { rows.append(row + [cell]) }
        guard rows.count <= SiteReturn.mostRows + 1 else { throw tooManyRows }
        return rows
    }

    private static var tooManyRows: FormatError {
        FormatError(.tooLong, at: "form", "at most \(SiteReturn.mostRows) rows")
    }
}
