import ArgumentParser
import ConsiliumCore
import ConsiliumTransport
import Logging
import NIOConcurrencyHelpers
import Testing

@testable import consilium

@Suite("The gateway between the hospital's system and the hub")
struct GatewayTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    private static let positive = Array("MSH|^~\\&|\rMSA|AA|1\r".utf8)
    private static let negative = Array("MSH|^~\\&|\rMSA|AR|1\r".utf8)

    /// What the gateway answers when the hub answers so, with no patience for a second attempt.
    private func answer(
        _ result: Result<HubResponse, HubClientError>,
        _ status: GatewayStatus = GatewayStatus(logger: logger)
    ) async -> [UInt8]? {
        let inbound = GatewayInbound(
            post: { _ throws(HubClientError) in try result.get() },
            status: status,
            logger: Self.logger,
            patience: .zero
        )
        return await inbound.forward(Array("MSH|".utf8))
    }

    private func response(_ status: Int, _ body: [UInt8]) -> Result<HubResponse, HubClientError> {
        .success(HubResponse(status: status, headers: [], body: body))
    }

    @Test("The hub's own acknowledgement is handed on, positive or negative, byte for byte")
    func handsOn() async {
        #expect(await answer(response(200, Self.positive)) == Self.positive)
        #expect(await answer(response(200, Self.negative)) == Self.negative)
        #expect(await answer(response(422, Self.negative)) == Self.negative)
    }

    @Test("Without the hub there is no acknowledgement at all")
    func noHub() async {
        let status = GatewayStatus(logger: Self.logger)
        #expect(await answer(.failure(.cannotReach("x")), status) == nil)
        #expect(!status.hubAnswers)
        #expect(await answer(.failure(.timedOut)) == nil)
        #expect(await answer(.failure(.cannotTrust("y"))) == nil)
    }

    @Test("What a failing hub says is never taken for an acknowledgement")
    func failingHub() async {
        #expect(await answer(response(500, Self.positive)) == nil)
        #expect(await answer(response(502, [])) == nil)
        #expect(await answer(response(200, Array("<html>".utf8))) == nil)
        #expect(await answer(response(403, Array(#"{"code":"principal-revoked"}"#.utf8))) == nil)
    }

    @Test("A busy hub's own word is handed on when patience ends")
    func busy() async {
        #expect(await answer(response(503, Self.negative)) == Self.negative)
        #expect(await answer(response(503, Array("{}".utf8))) == nil)
        let reject = Array("MSH|^~\\&|HUB\rMSA|AR|1|busy\rERR||MSH^1|207^Application internal error|E\r".utf8)
        #expect(await answer(response(200, reject)) == reject)
    }

    @Test("Reading stops when the hub goes and starts when it comes, once each")
    func pauses() {
        let status = GatewayStatus(logger: Self.logger)
        let seen = NIOLockedValueBox<[Bool]>([])
        status.onHubChange { answers in seen.withLockedValue { $0.append(answers) } }
        for answers in [true, false, false, true, true, false] { status.hub(answers: answers) }
        #expect(seen.withLockedValue { $0 } == [false, true, false])
        #expect(status.systemAnswers == nil)
        status.system(answers: false)
        #expect(status.systemAnswers == false)
    }

    @Test("Waits double up to the last, and begin again after a success")
    func backoff() {
        var backoff = Backoff(from: .seconds(1), to: .seconds(5))
        #expect((0..<4).map { _ in backoff.wait() } == [.seconds(1), .seconds(2), .seconds(4), .seconds(5)])
        backoff.reset()
        #expect(backoff.wait() == .seconds(1))
    }

    @Test("The gateway's options are read, and an open listener needs an allow-list")
    func settings() throws {
        func settings(_ arguments: String...) throws -> Gateway.Settings {
            let command = try Consilium.parseAsRoot(["gateway", "run"] + arguments)
            return try #require(command as? GatewayRun).settings()
        }
        let all = try settings(
            "--his-listen",
            "0.0.0.0:0",
            "--his-address",
            "10.1.2.4:6661",
            "--allow",
            "10.1.2.0/24",
            "--heartbeat",
            "5"
        )
        #expect(all.listen == Address(host: "0.0.0.0", port: 0))
        #expect(all.system == Address(host: "10.1.2.4", port: 6_661))
        #expect(all.allow.count == 1 && all.heartbeat == .seconds(5))
        #expect(try settings().listen.description == "127.0.0.1:2575")
        #expect(throws: (any Error).self) { try settings("--listen", "0.0.0.0:2575") }
        #expect(throws: (any Error).self) { try settings("--listen", "nowhere") }
        #expect(throws: (any Error).self) { try settings("--his", "10.1.2.4:0") }
        #expect(throws: (any Error).self) { try settings("--allow", "10.1.2.1/24") }
        #expect(throws: (any Error).self) { try settings("--heartbeat", "0") }
    }
}

@Suite("The command line")
struct CommandLineTests {
    @Test("Wrong usage is 2, help and version are 0")
    func usage() async {
        #expect(await Entry.run(["show"]) == .usage)
        #expect(await Entry.run(["no-such-verb"]) == .usage)
        #expect(await Entry.run(["decline", "X", "--reason", "because"]) == .usage)
        #expect(await Entry.run(["--version"]) == .ok)
    }

    @Test("Every command has a name of its own and says what it does")
    func help() {
        func check(_ command: any ParsableCommand.Type, _ path: String) {
            #expect(!command.configuration.abstract.isEmpty, "\(path)")
            #expect(!Consilium.helpMessage(for: command).isEmpty, "\(path)")
            let names = command.configuration.subcommands.map {
                $0.configuration.commandName ?? String(describing: $0).lowercased()
            }
            #expect(Set(names).count == names.count, "\(path)")
            for (name, sub) in zip(names, command.configuration.subcommands) { check(sub, path + " " + name) }
        }
        check(Consilium.self, "consilium")
    }

    @Test("Closing as not adopted needs a reason, a rating is 1 to 5")
    func close() {
        #expect(throws: (any Error).self) { try Consilium.parseAsRoot(["close", "X", "--decision", "not"]) }
        #expect(throws: (any Error).self) {
            try Consilium.parseAsRoot(["close", "X", "--decision", "adopted", "--rating", "6"])
        }
        #expect(throws: Never.self) {
            try Consilium.parseAsRoot(["close", "X", "--decision", "not", "--reason", "too-late"])
        }
    }

    @Test("Counting anew needs the copy of a ledger: without --ledger it is refused, not left out")
    func recompute() {
        let asked = ["governance", "scorecard", "--period", "2026-Q3", "--recompute"]
        #expect(throws: (any Error).self) { try Consilium.parseAsRoot(asked) }
        #expect(throws: Never.self) { try Consilium.parseAsRoot(asked + ["--ledger", "copy"]) }
        #expect(throws: Never.self) { try Consilium.parseAsRoot(Array(asked.dropLast())) }
        do { _ = try Consilium.parseAsRoot(asked) } catch {
            #expect(Consilium.fullMessage(for: error).contains("--ledger"))
        }
    }

    @Test("Consent needs evidence, except in an emergency")
    func consent() {
        #expect(throws: (any Error).self) {
            try Consilium.parseAsRoot(["consent", "attach", "X", "--basis", "written"])
        }
        #expect(throws: Never.self) { try Consilium.parseAsRoot(["consent", "attach", "X", "--basis", "emergency"]) }
        #expect(throws: (any Error).self) {
            try Consilium.parseAsRoot(["consent", "attach", "X", "--basis", "unknown"])
        }
    }

    @Test("An alarm's command is told the case and its times, and nothing of the patient")
    func alarm() {
        let entry: Value = [
            "case": "01H", "priority": "stat", "department": "0304", "kind": "offer", "patient": "张三",
            "leaseDue": "2026-03-01T08:00:00Z", "deadline": "2026-03-01T09:00:00Z",
        ]
        #expect(
            Inbox.environment(entry) == [
                "CONSILIUM_CASE": "01H", "CONSILIUM_PRIORITY": "stat", "CONSILIUM_DEPARTMENT": "0304",
                "CONSILIUM_KIND": "offer", "CONSILIUM_DEADLINE": "2026-03-01T08:00:00Z",
            ]
        )
        #expect(Inbox.isUrging(entry))
        #expect(!Inbox.isUrging(["kind": "report"]))
    }

    @Test("An offer that stays is no news, one that moved on or was reminded of is")
    func notices() {
        let offer: Value = ["case": "01H", "kind": "offer", "leaseDue": "2026-03-01T08:00:00Z", "version": 3]
        func changed(_ field: String, _ value: Value) -> Inbox.Notice {
            Inbox.Notice(.object(offer.object.merging([field: value]) { _, new in new }))
        }
        #expect(Inbox.Notice(offer) == Inbox.Notice(offer))
        #expect(changed("deadline", "2026-03-02T08:00:00Z") == Inbox.Notice(offer))
        for (field, value) in ["version": 4, "reminders": 1, "leaseDue": "x", "kind": "report"] as [String: Value] {
            #expect(changed(field, value) != Inbox.Notice(offer), "\(field)")
        }
    }

    @Test("A path keeps what a URL would read otherwise")
    func escaping() {
        #expect(Session.escaped("QS/2026 #1") == "QS%2F2026%20%231")
        #expect(Session.escaped("会") == "%E4%BC%9A")
        #expect(Session.escaped("A-b_c.d~9") == "A-b_c.d~9")
    }
}
