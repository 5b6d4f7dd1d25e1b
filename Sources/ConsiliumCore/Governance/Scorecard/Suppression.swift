/// A table of counts as it may be shown outside audited scope: cells of 1 to 10 are hidden, and so many others with them
/// that no hidden one can be computed from what is shown.
///
/// Every cell stands in one row and one column, the totals included. With rows and columns as the nodes of a graph and
/// the hidden cells as its edges, a hidden cell can be computed exactly when it is a bridge: cutting it parts the graph
/// (Gusfield 1988, doi 10.1137/0217034). So cells are added, the smallest first, until no bridge is left and no line
/// whose hidden cells add up to 10 or fewer shows all the rest.
package struct SuppressedTable: Hashable, Sendable {
    package enum Cell: Hashable, Sendable {
        case count(Int)
        /// Printed as "suppressed", never as a range.
        case suppressed

        package var count: Int? {
            if case .count(let count) = self { count } else { nil }
        }
    }

    /// Counts that are hidden.
    package static let hidden = 1...10

    package let cells: [[Cell]]
    package let rowTotals: [Cell]
    package let columnTotals: [Cell]
    package let total: Cell

    /// Rows are strata, columns what is counted in each, e.g. cases that were and were not in time; of the rows in `hiding`
    /// nothing is shown. nil for a table that is empty or ragged, or for a negative count.
    package init?(_ counts: [[Int]], hiding rows: Set<Int> = []) {
        guard let width = counts.first?.count, width > 0, counts.allSatisfy({ $0.count == width }),
            counts.joined().allSatisfy({ $0 >= 0 })
        else { return nil }
        var grid = Grid(counts, width: width)
        for row in rows.sorted() { grid.hide(row: row) }
        grid.protect()
        let shown = grid.shown
        cells = shown.dropLast().map { Array($0.dropLast()) }
        rowTotals = shown.dropLast().map { $0[width] }
        columnTotals = Array(shown[counts.count].dropLast())
        total = shown[counts.count][width]
    }

    /// Rows of which something is hidden.
    package var hiddenRows: Set<Int> {
        Set(cells.indices.filter { cells[$0].contains(.suppressed) || rowTotals[$0] == .suppressed })
    }
}

/// The counts with their totals as a last column and a last row.
private struct Grid {
    struct Place: Hashable {
        var row: Int
        var column: Int
    }

    let counts: [[Int]]
    let width: Int
    var hidden: Set<Place> = []

    init(_ counts: [[Int]], width: Int) {
        let rows = counts.map { $0 + [$0.reduce(0, +)] }
        let totals = (0...width).map { column in rows.reduce(0) { $0 + $1[column] } }
        self.counts = rows + [totals]
        self.width = width + 1
        for row in self.counts.indices {
            for column in 0..<self.width where SuppressedTable.hidden.contains(self.counts[row][column]) {
                hidden.insert(Place(row: row, column: column))
            }
        }
    }

    var shown: [[SuppressedTable.Cell]] {
        counts.indices.map { row in
            (0..<width)
                .map { column in
                    hidden.contains(Place(row: row, column: column)) ? .suppressed : .count(counts[row][column])
                }
        }
    }

    mutating func hide(row: Int) { hidden.formUnion(line(row: row)) }

    mutating func protect() {
        // The commonest way first, in one pass: a row's only hidden cell can be computed whatever the others hold.
        for row in counts.indices where line(row: row).count(where: hidden.contains) == 1 {
            if let place = smallest(line(row: row)) { hidden.insert(place) }
        }
        while let place = weakest() { hidden.insert(place) }
    }

    /// The next cell to hide; nil when all is safe.
    private func weakest() -> Place? {
        if let bridge = bridge() {
            let row = reached(from: .row(bridge.row), without: bridge)
            let column = reached(from: .column(bridge.column), without: bridge)
            let closing = places.filter {
                row.contains(.row($0.row)) && column.contains(.column($0.column))
                    || column.contains(.row($0.row)) && row.contains(.column($0.column))
            }
            return smallest(closing) ?? smallest(line(row: bridge.row) + line(column: bridge.column))
        }
        for candidates in counts.indices.map({ line(row: $0) }) + (0..<width).map({ line(column: $0) }) {
            let inside = candidates.dropLast().filter(hidden.contains)
            guard let margin = candidates.last, !inside.isEmpty, !hidden.contains(margin),
                inside.reduce(0, { $0 + count($1) }) <= SuppressedTable.hidden.upperBound
            else { continue }
            return smallest(candidates)
        }
        return nil
    }

    private func count(_ place: Place) -> Int { counts[place.row][place.column] }
    private var places: [Place] { counts.indices.flatMap { line(row: $0) } }
    private func line(row: Int) -> [Place] { (0..<width).map { Place(row: row, column: $0) } }
    private func line(column: Int) -> [Place] { counts.indices.map { Place(row: $0, column: column) } }

    /// The smallest that is not hidden: counts before zeros, which say nothing, and totals last, which readers need most.
    private func smallest(_ places: [Place]) -> Place? {
        places.filter { !hidden.contains($0) }
            .min { a, b in
                let (left, right) = (order(a), order(b))
                return left < right
            }
    }

    private func order(_ place: Place) -> (Int, Int, Int, Int) {
        let isTotal = place.row == counts.count - 1 || place.column == width - 1
        let value = count(place)
        return ((isTotal ? 2 : 0) + (value == 0 ? 1 : 0), value, place.row, place.column)
    }

    private enum Line: Hashable {
        case row(Int)
        case column(Int)
    }

    /// What a line's hidden cells lead to.
    private func neighbours(_ node: Line) -> [(line: Line, by: Place)] {
        switch node {
        case .row(let row): line(row: row).filter(hidden.contains).map { (.column($0.column), $0) }
        case .column(let column): line(column: column).filter(hidden.contains).map { (.row($0.row), $0) }
        }
    }

    /// Every line that hidden cells join to `start` when one of them is cut.
    private func reached(from start: Line, without cut: Place) -> Set<Line> {
        var reached: Set<Line> = [start]
        var open = [start]
        while let node = open.popLast() {
            for next in neighbours(node) where next.by != cut && reached.insert(next.line).inserted {
                open.append(next.line)
            }
        }
        return reached
    }

    /// A hidden cell that can be computed (Tarjan 1974, doi 10.1016/0020-0190(74)90003-9): none of those seen after it
    /// leads back before it. Walks with a stack of its own, because a table may have as many rows as there are sites.
    private func bridge() -> Place? {
        var order: [Line: Int] = [:]
        var lowest: [Line: Int] = [:]
        for start in counts.indices.map({ Line.row($0) }) where order[start] == nil {
            var path: [(node: Line, by: Place?, rest: [(line: Line, by: Place)])] = []
            func enter(_ node: Line, by: Place?) {
                order[node] = order.count
                lowest[node] = order[node]
                path.append((node, by, neighbours(node)))
            }
            enter(start, by: nil)
            while let last = path.last {
                if let next = last.rest.last {
                    path[path.count - 1].rest.removeLast()
                    if next.by == last.by { continue }
                    if let seen = order[next.line] {
                        lowest[last.node] = min(lowest[last.node] ?? seen, seen)
                    } else {
                        enter(next.line, by: next.by)
                    }
                } else {
                    path.removeLast()
                    guard let parent = path.last, let by = last.by, let low = lowest[last.node],
                        let before = order[parent.node]
                    else { continue }
                    if low > before { return by }
                    lowest[parent.node] = min(lowest[parent.node] ?? low, low)
                }
            }
        }
        return nil
    }
}
