import ConsiliumLedger
import Foundation

/// Where a hub's listeners are, from `run/endpoints.json`.
struct Endpoints: Sendable, Equatable {
    var api: Int
    var mllp: Int
    var console: Int
    var ops: Int

    init?(_ bytes: [UInt8]) {
        guard let json = try? JSON(bytes) else { return nil }
        func port(_ name: String) -> Int? { json[name].string.flatMap { Int($0.split(separator: ":").last ?? "") } }
        guard let api = port("api"), let mllp = port("mllp"), let console = port("console"), let ops = port("ops")
        else { return nil }
        self.api = api
        self.mllp = mllp
        self.console = console
        self.ops = ops
    }
}

/// `consiliumd` with a home of its own: made, served, killed and served again.
///
/// Used by one test at a time; the processes are ended by their ids.
final class HubProcess {
    let folder: TemporaryFolder
    let home: String
    let token: String
    let shares: [String]
    private(set) var child: Child?
    private(set) var endpoints: Endpoints?

    var log: String { folder.path("hub.log") }
    var logText: String {
        String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
    }

    /// - `parent`: where the home is made, when it is not the test's own folder: a small volume.
    init(network: String = "system.test", parent: String? = nil) async throws {
        folder = try TemporaryFolder("system")
        home = parent.map { $0 + "/hub" } ?? folder.path("hub")
        let ended = try await Program.run(
            Program.hub,
            ["init", "--home", home, "--network", network, "--host", "127.0.0.1", "--listen", "127.0.0.1"]
                + ["--office", "OFFICE", "--office-telephone", "010-55500000"]
        )
        guard ended.status == 0,
            let token = ended.text.split(whereSeparator: \.isWhitespace).first(where: { $0.hasPrefix("consilium1.") })
        else { throw Broken("consiliumd init: \(ended.status) \(ended.text)") }
        self.token = String(token)
        shares = ended.output.split(separator: "\n")
            .compactMap { line in
                let parts = line.split(separator: " ")
                return parts.count >= 2 && ["1:", "2:", "3:"].contains(parts[0])
                    ? parts.dropFirst().joined(separator: " ") : nil
            }
    }

    /// Starts the hub and waits until it is ready. `launcher` is put before the command, for example `strace`.
    @discardableResult
    func serve(launcher: [String] = [], environment: [String: String] = [:], seconds: Double = 30) async throws
        -> Endpoints
    {
        let path = home + "/run/endpoints.json"
        try? FileManager.default.removeItem(atPath: path)
        let command = launcher + [Program.hub, "serve", "--home", home, "--ephemeral-ports"]
        let child = try Child(command[0], Array(command.dropFirst()), environment: environment, output: log)
        self.child = child
        let found = try await eventually("run/endpoints.json", in: changing, seconds: seconds) { () -> Endpoints? in
            guard child.isRunning else { throw Broken("consiliumd ended: \(self.logText.suffix(2_000))") }
            return FileManager.default.contents(atPath: path).flatMap { Endpoints(Array($0)) }
        }
        endpoints = found
        return found
    }

    /// Folders in which something changes whenever the hub does anything that can be seen from outside.
    var changing: [String] { [home, home + "/run", home + "/data", folder.url.path] }

    /// Ends the hub at once, as a power cut would.
    func kill() async {
        child?.signal(SIGKILL)
        _ = await child?.ended()
        child = nil
    }

    /// Ends the hub as `systemctl stop` would; gives its exit status.
    @discardableResult
    func stop() async -> Int32? {
        guard let child else { return nil }
        child.signal(SIGTERM)
        let watchdog = DispatchWorkItem { child.signal(SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(20), execute: watchdog)
        let status = await child.ended()
        watchdog.cancel()
        self.child = nil
        return status
    }

    /// One maintenance command of `consiliumd` on this home.
    func command(_ arguments: String..., home other: String? = nil) async throws -> Program.Ended {
        try await Program.run(
            Program.hub,
            [arguments[0], "--home", other ?? home] + arguments.dropFirst(),
            seconds: 120
        )
    }

    /// The digest of all projections, as `verify` prints it.
    func projections() async throws -> String {
        let ended = try await command("verify")
        guard ended.status == 0, let digest = ended.output.split(whereSeparator: \.isWhitespace).last else {
            throw Broken("verify: \(ended.status) \(ended.text)")
        }
        return String(digest)
    }

    /// The rows of a table of the stopped hub's database.
    func count(_ table: String) throws -> Int {
        let store = try Store(path: home + "/data/ledger.db")
        let count = try store.read { try $0.first(SQL("SELECT COUNT(*) FROM \(table)")) { $0.int(0) } ?? -1 }
        try store.close()
        return count
    }

    func remove() { folder.remove() }
}
