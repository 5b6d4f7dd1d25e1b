import Testing

@testable import ConsiliumCore

@Suite struct SuppressionTests {
    @Test("A table of large counts is shown whole")
    func large() throws {
        let table = try #require(SuppressedTable([[20, 30], [0, 50]]))
        #expect(table.cells == [[.count(20), .count(30)], [.count(0), .count(50)]])
        #expect(table.rowTotals == [.count(50), .count(50)])
        #expect(table.columnTotals == [.count(20), .count(80)])
        #expect(table.total == .count(100))
    }

    @Test(
        "Cells of 1 and 10 are hidden, 0 and 11 are not",
        arguments: [(0, false), (1, true), (10, true), (11, false)]
    )
    func bounds(_ count: Int, _ isHidden: Bool) throws {
        let table = try #require(SuppressedTable([[count, 40, 50]]))
        #expect((table.cells[0][0] == .suppressed) == isHidden)
    }

    @Test("One hidden cell takes the smallest other with it, so that the total gives nothing away")
    func complementary() throws {
        let table = try #require(SuppressedTable([[7, 40, 50, 0]]))
        #expect(table.cells == [[.suppressed, .suppressed, .count(50), .count(0)]])
        #expect(table.rowTotals == [.count(97)])
    }

    @Test("Hidden cells that together are few take another with them")
    func smallSum() throws {
        let table = try #require(SuppressedTable([[1, 1, 50, 60]]))
        #expect(table.cells == [[.suppressed, .suppressed, .suppressed, .count(60)]])
    }

    @Test("Where nothing else can hide it, the total goes too")
    func onlyCell() throws {
        let table = try #require(SuppressedTable([[4]]))
        #expect(table.cells == [[.suppressed]])
        #expect(table.total == .suppressed)
        let zeros = try #require(SuppressedTable([[4, 0, 0]]))
        #expect(zeros.cells[0][0] == .suppressed)
        #expect(zeros.total == .suppressed)
    }

    @Test("Failures are as small as successes: a stratum with few of either hides both")
    func bothSides() throws {
        let table = try #require(SuppressedTable([[95, 5], [60, 40]]))
        #expect(table.cells == [[.suppressed, .suppressed], [.suppressed, .suppressed]])
        #expect(table.rowTotals == [.count(100), .count(100)])
    }

    @Test("No hidden cell of a random table can be computed, nor is a small one shown")
    func randomTables() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<300 {
            let width = random.index(below: 4) + 1
            let counts = (0...random.index(below: 5))
                .map { _ in
                    (0..<width).map { _ in random.index(below: random.index(below: 3) == 0 ? 12 : 60) }
                }
            let table = try #require(SuppressedTable(counts))
            let augmented =
                table.cells.enumerated().map { $0.element + [table.rowTotals[$0.offset]] }
                + [table.columnTotals + [table.total]]
            for cell in augmented.joined() {
                if let count = cell.count { #expect(!SuppressedTable.hidden.contains(count), "\(counts)") }
            }
            #expect(!Self.canCompute(augmented), "\(counts)")
        }
    }

    @Test("A table of every site of a province is protected whole")
    func manySites() throws {
        var random = SplitMix64(seed: 17)
        let counts = (0..<600)
            .map { _ in
                let total = random.index(below: 90)
                let failures = random.index(below: min(total, 25) + 1)
                return [total - failures, failures]
            }
        let table = try #require(SuppressedTable(counts))
        for (row, cells) in table.cells.enumerated() {
            // With its total shown, one of two cells tells the other.
            let isWhole = table.rowTotals[row].count != nil
            #expect(!isWhole || cells.count { $0 == .suppressed } != 1)
        }
    }

    @Test("Nothing, a ragged table and a negative count are no table", arguments: [[], [[]], [[1, 2], [3]], [[-1]]])
    func refused(_ counts: [[Int]]) { #expect(SuppressedTable(counts) == nil) }

    /// An independent attack: solves the sums of the table for the hidden cells by elimination over the rationals, and
    /// says whether one has a single solution.
    private static func canCompute(_ table: [[SuppressedTable.Cell]]) -> Bool {
        let height = table.count
        let width = table[0].count
        let unknowns = (0..<height)
            .flatMap { row in
                (0..<width).compactMap { table[row][$0] == .suppressed ? (row, $0) : nil }
            }
        var matrix: [[Double]] = []
        for row in 0..<height {
            matrix.append(unknowns.map { $0.0 == row ? ($0.1 == width - 1 ? -1 : 1) : 0 })
        }
        for column in 0..<width {
            matrix.append(unknowns.map { $0.1 == column ? ($0.0 == height - 1 ? -1 : 1) : 0 })
        }
        var rank = 0
        var pivots: [Int] = []
        for column in unknowns.indices {
            guard let pivot = (rank..<matrix.count).first(where: { abs(matrix[$0][column]) > 1e-9 }) else { continue }
            matrix.swapAt(rank, pivot)
            let scale = matrix[rank][column]
            for index in unknowns.indices { matrix[rank][index] /= scale }
            for row in matrix.indices where row != rank && abs(matrix[row][column]) > 1e-9 {
                let factor = matrix[row][column]
                for index in unknowns.indices { matrix[row][index] -= factor * matrix[rank][index] }
            }
            pivots.append(column)
            rank += 1
            if rank == matrix.count { break }
        }
        // A pivot whose row holds nothing else is determined.
        return (0..<rank)
            .contains { row in
                unknowns.indices.allSatisfy { $0 == pivots[row] || abs(matrix[row][$0]) < 1e-9 }
            }
    }
}
