import Foundation
import Testing

@testable import ConsiliumLedger

/// Lets PostgreSQL make the tables of `schema` and PREPARE every statement, so that the text stays portable.
///
/// A throwaway cluster in a temporary folder, in single-user mode: no port, no server to wait for. Without PostgreSQL
/// on this machine the check is skipped with a notice.
func assertPrepares(
    _ statements: [SQL],
    schema: [SQL],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    guard let postgres = try PostgreSQL() else {
        print("notice: PostgreSQL is not installed; \(statements.count) statements were not checked for portability")
        return
    }
    for failure in try postgres.failures(statements, schema: schema) {
        Issue.record(Comment(rawValue: failure), sourceLocation: sourceLocation)
    }
}

/// The programs of an installed PostgreSQL, run as a user without rights.
struct PostgreSQL {
    private let programs: String
    private let folder: TemporaryFolder
    private let user: (name: String, id: UInt32, group: UInt32)?

    /// Nil when PostgreSQL is not installed, or this is root and nobody to run it as exists.
    init?() throws {
        let parents = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let places =
            parents.sorted().reversed().map { "/usr/lib/postgresql/\($0)/bin" } + ["/usr/local/bin", "/usr/bin"]
        let usable = places.first { place in
            ["initdb", "postgres"].allSatisfy { FileManager.default.isExecutableFile(atPath: "\(place)/\($0)") }
        }
        guard let usable else { return nil }
        programs = usable
        folder = try TemporaryFolder()
        guard geteuid() == 0 else {
            user = nil
            return
        }
        guard let entry = getpwnam("postgres") ?? getpwnam("nobody") else { return nil }
        user = (String(cString: entry.pointee.pw_name), entry.pointee.pw_uid, entry.pointee.pw_gid)
        guard chown(folder.path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else { return nil }
    }

    /// One line for each table or statement that PostgreSQL refuses.
    func failures(_ statements: [SQL], schema: [SQL]) throws -> [String] {
        let data = folder("data-" + UUID().uuidString)
        let made = try run("initdb", ["-D", data, "-U", "consilium", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"])
        guard made.status == 0 else { return ["initdb failed: \(made.output)"] }
        var script = ""
        for table in schema { script += line(table.text) }
        for (index, statement) in statements.enumerated() { script += line("PREPARE s\(index) AS \(statement.text)") }
        let done = try run("postgres", ["--single", "-j", "-D", data, "-c", "fsync=off", "postgres"], input: script)
        var failures = done.output.split(separator: "\n").filter { $0.contains("ERROR:") || $0.contains("FATAL:") }
            .map(String.init)
        for (index, statement) in statements.enumerated() {
            guard let at = done.output.range(of: "STATEMENT:  PREPARE s\(index) AS") else { continue }
            let before = done.output[..<at.lowerBound].split(separator: "\n").last { $0.contains("ERROR:") } ?? ""
            failures.removeAll { $0 == before }
            failures.append("\(before)\n  in: \(statement.text)")
        }
        if done.status != 0, failures.isEmpty { failures.append("postgres ended with \(done.status): \(done.output)") }
        return failures
    }

    /// With `-j` a command ends at a semicolon before an empty line.
    private func line(_ text: String) -> String { text + ";\n\n" }

    private func run(_ program: String, _ arguments: [String], input: String = "") throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        var command = ["\(programs)/\(program)"] + arguments
        if let user {
            command = ["setpriv", "--reuid=\(user.id)", "--regid=\(user.group)", "--clear-groups"] + command
        }
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "HOME": folder.path]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let script = folder("script-" + UUID().uuidString)
        try Data(input.utf8).write(to: URL(fileURLWithPath: script))
        process.standardInput = try Foundation.FileHandle(forReadingFrom: URL(fileURLWithPath: script))
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

@Suite("Portable SQL")
struct StorePortabilityTests {
    @Test("PostgreSQL prepares the store's own statements")
    func own() throws {
        try assertPrepares(Schema.statements, schema: Schema.tables)
    }

    @Test("PostgreSQL makes the ledger's tables and prepares each of its statements")
    func ledger() throws {
        try assertPrepares(Statements.all, schema: Tables.migrations.flatMap { $0 })
    }

    @Test("What only SQLite understands is reported with its text")
    func reported() throws {
        guard let postgres = try PostgreSQL() else {
            print("notice: PostgreSQL is not installed")
            return
        }
        let failures = try postgres.failures(
            [
                "SELECT a FROM t WHERE a = $1",
                "INSERT OR IGNORE INTO t VALUES ($1)",
                "SELECT b FROM t",
                "SELECT a -- a remark\n FROM t",
            ],
            schema: ["CREATE TABLE t (a BIGINT PRIMARY KEY) /*sqlite WITHOUT ROWID*/"]
        )
        #expect(failures.count == 2)
        #expect(failures.contains { $0.contains("INSERT OR IGNORE") })
        #expect(failures.contains { $0.contains("SELECT b FROM t") })
    }
}
