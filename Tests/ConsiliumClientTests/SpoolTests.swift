import ConsiliumCore
import ConsiliumTransport
import Foundation
import Testing

@testable import consilium

@Suite("What waits for the hub")
struct SpoolTests {
    private func request(_ label: String) -> SpooledRequest {
        SpooledRequest(
            path: "/fhir",
            contentType: "application/fhir+json",
            body: Data("body of \(label)".utf8),
            label: label,
            keptAt: "2026-03-01T08:00:00.000Z"
        )
    }

    @Test("Requests come out as they went in, in order")
    func order() throws {
        let folder = try TemporaryFolder()
        let key = PrincipalKey()
        let spool = try Spool(folder.profile, key: key)
        for label in ["a", "b", "c"] { try spool.keep(request(label)) }
        let again = try Spool(folder.profile, key: key)
        #expect(try again.entries.map { try again.open($0) } == ["a", "b", "c"].map(request))
        try again.remove(again.entries[0])
        try again.keep(request("d"))
        #expect(try again.entries.map { try again.open($0).label } == ["b", "c", "d"])
    }

    @Test("Numbers order the files, whatever the folder lists first")
    func names() {
        #expect(Spool.name(7) == "000000000007.kept")
        #expect(Spool.entry("000000000012.kept")?.number == 12)
        for name in ["key.json", "lock", "refused", "0.kept", "-1.kept", "x.kept"] {
            #expect(Spool.entry(name) == nil, "\(name)")
        }
    }

    @Test("Nothing of a kept request can be read on the disk")
    func sealed() throws {
        let folder = try TemporaryFolder()
        let spool = try Spool(folder.profile, key: PrincipalKey())
        try spool.keep(request("zhang-san.yaml"))
        let contents = folder.contents()
        #expect(!contents.isEmpty)
        #expect(contents.range(of: Data("zhang-san".utf8)) == nil)
        #expect(contents.range(of: Data("body of".utf8)) == nil)
    }

    @Test("Another key opens nothing")
    func otherKey() throws {
        let folder = try TemporaryFolder()
        try Spool(folder.profile, key: PrincipalKey()).keep(request("a"))
        #expect(throws: Failure.self) { _ = try Spool(folder.profile, key: PrincipalKey()) }
    }

    @Test("A file that was moved to another place in the order is not opened")
    func moved() throws {
        let folder = try TemporaryFolder()
        let spool = try Spool(folder.profile, key: PrincipalKey())
        try spool.keep(request("a"))
        let path = folder.profile.spool + "/"
        try FileManager.default.moveItem(atPath: path + Spool.name(1), toPath: path + Spool.name(9))
        let entry = try #require(spool.entries.first)
        #expect(throws: (any Error).self) { _ = try spool.open(entry) }
    }

    @Test("A renewed key opens what was kept under the old one, and the old one until it is replaced")
    func renewal() throws {
        let folder = try TemporaryFolder()
        let old = PrincipalKey()
        let new = PrincipalKey()
        try Spool(folder.profile, key: old).keep(request("a"))
        try SpoolKey.admit(new, openedBy: old, in: folder.profile)
        for key in [old, new] {
            let spool = try Spool(folder.profile, key: key)
            #expect(try spool.open(#require(spool.entries.first)).label == "a")
        }
    }

    @Test("A process that still holds the old key keeps what the new one can send")
    func renewalOfAnEmptySpool() throws {
        let folder = try TemporaryFolder()
        let old = PrincipalKey()
        let new = PrincipalKey()
        try SpoolKey.admit(new, openedBy: old, in: folder.profile)
        try Spool(folder.profile, key: old).keep(request("a"))
        let spool = try Spool(folder.profile, key: new)
        #expect(try spool.open(#require(spool.entries.first)).label == "a")
    }

    @Test("A request that the hub will never take is set aside, still sealed")
    func setAside() throws {
        let folder = try TemporaryFolder()
        let spool = try Spool(folder.profile, key: PrincipalKey())
        try spool.keep(request("a"))
        try spool.setAside(try #require(spool.entries.first))
        #expect(spool.entries.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.profile.spool + "/refused").count == 1)
    }
}

@Suite("Sending, keeping, sending later")
struct SubmitterTests {
    /// A hub that answers by what it is asked, and remembers what it was sent.
    private final class Hub {
        var sent: [String] = []
        var answer: (String) -> SendOutcome

        init(_ answer: @escaping (String) -> SendOutcome) { self.answer = answer }

        func send(_ body: [UInt8]) -> SendOutcome {
            let text = String(decoding: body, as: UTF8.self)
            sent.append(text)
            return answer(text)
        }
    }

    private static let down = Failure(.unreachable, "cannot-reach", "down")
    private static let no = Failure(.refused, "unknown-code", "no")

    private func taken(_ text: String) -> SendOutcome { .taken(Receipt(outcome: "accepted", caseID: "case-" + text)) }

    private func item(_ body: String, _ priority: Priority? = .routine) -> Outgoing {
        Outgoing(
            label: body,
            kind: .form,
            path: "/fhir",
            contentType: "application/fhir+json",
            body: Array(body.utf8),
            priority: priority
        )
    }

    private func submitter(_ folder: TemporaryFolder, _ key: PrincipalKey, _ hub: Hub) -> Submitter {
        Submitter(
            folder: folder.profile,
            key: key,
            now: { Instant(milliseconds: 0) },
            send: { _, _, body in hub.send(body) },
            sendStat: { _, _, body in hub.send(body) }
        )
    }

    @Test("With the hub there, nothing is kept and the exit is 0")
    func direct() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub(taken)
        let lines = try await submitter(folder, PrincipalKey(), hub).submit([item("a"), item("b")]).lines
        #expect(lines.map(\.caseID) == ["case-a", "case-b"])
        #expect(Submitter.status(of: lines) == .ok)
        #expect(Spool.isEmpty(folder.profile))
    }

    @Test("Without the hub files are kept after one attempt, and later sent first, in order, once")
    func keptThenSent() async throws {
        let folder = try TemporaryFolder()
        let key = PrincipalKey()
        let hub = Hub { _ in .unreachable(Self.down) }
        let submitter = submitter(folder, key, hub)
        let kept = try await submitter.submit([item("a"), item("b")]).lines
        #expect(kept.map(\.outcome) == ["kept", "kept"])
        #expect(Submitter.status(of: kept) == .kept)
        #expect(hub.sent == ["a"])

        hub.sent = []
        hub.answer = taken
        let lines = try await submitter.submit([item("c")]).lines
        #expect(hub.sent == ["a", "b", "c"])
        #expect(lines.map(\.outcome) == ["accepted", "accepted", "accepted"])
        #expect(Spool.isEmpty(folder.profile))

        hub.sent = []
        #expect(try await submitter.submit([]) == Submitter.Result(isSpoolOnly: true))
        #expect(hub.sent.isEmpty)
    }

    @Test("A kept file that still cannot be sent keeps everything behind it waiting")
    func stillDown() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub { _ in .unreachable(Self.down) }
        let submitter = submitter(folder, PrincipalKey(), hub)
        _ = try await submitter.submit([item("a")])
        hub.answer = { $0 == "a" ? .unreachable(Self.down) : .taken(Receipt(outcome: "accepted", caseID: nil)) }
        let lines = try await submitter.submit([item("b")]).lines
        #expect(lines.map(\.outcome) == ["kept"])
        #expect(hub.sent == ["a", "a"])
        #expect(Spool.entries(in: folder.profile.spool).count == 2)
    }

    @Test("Without a file and without the hub, what waits is counted and the exit is 3")
    func nothingGiven() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub { _ in .unreachable(Self.down) }
        let submitter = submitter(folder, PrincipalKey(), hub)
        #expect(try await submitter.submit([]).status == .ok)
        _ = try await submitter.submit([item("a"), item("b"), item("c")])
        let result = try await submitter.submit([])
        #expect(result == Submitter.Result(lines: [], waiting: 3, isSpoolOnly: true, unreachable: Self.down))
        #expect(result.status == .unreachable)
        for language in Language.allCases { #expect(Submit.waiting(result.waiting)[language].contains("3")) }

        hub.answer = { $0 == "a" ? .taken(Receipt(outcome: "accepted", caseID: nil)) : .unreachable(Self.down) }
        let partly = try await submitter.submit([])
        #expect(partly.lines.map(\.outcome) == ["accepted"])
        #expect(partly.waiting == 2)
        #expect(partly.status == .partly)
    }

    @Test("What earlier commands kept is counted with what this one keeps")
    func waiting() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub { _ in .unreachable(Self.down) }
        let submitter = submitter(folder, PrincipalKey(), hub)
        _ = try await submitter.submit([item("a"), item("b"), item("c")])
        let result = try await submitter.submit([item("d")])
        #expect(result.lines.map(\.outcome) == ["kept"])
        #expect(result.waiting == 4)
        #expect(result.status == .kept)
    }

    @Test("A stat request is sent before what was kept, and never kept itself")
    func stat() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub { _ in .unreachable(Self.down) }
        let submitter = submitter(folder, PrincipalKey(), hub)
        _ = try await submitter.submit([item("a")])
        let lines = try await submitter.submit([item("b"), item("now", .stat)]).lines
        #expect(hub.sent == ["a", "now", "a"])
        #expect(lines.map(\.outcome) == ["kept", "not-sent"])
        #expect(Submitter.status(of: lines) == .unreachable)
        #expect(Spool.entries(in: folder.profile.spool).count == 2)
    }

    @Test("A request whose urgency cannot be told is treated as stat")
    func unknownUrgency() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub { _ in .unreachable(Self.down) }
        let lines = try await submitter(folder, PrincipalKey(), hub).submit([item("?", nil)]).lines
        #expect(lines.map(\.outcome) == ["not-sent"])
        #expect(Spool.isEmpty(folder.profile))
    }

    @Test("A kept file that the hub refuses is set aside, and those behind it go on")
    func refusedLater() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub { _ in .unreachable(Self.down) }
        let submitter = submitter(folder, PrincipalKey(), hub)
        _ = try await submitter.submit([item("bad"), item("good")])
        hub.answer = { $0 == "bad" ? .refused(Self.no) : .taken(Receipt(outcome: "accepted", caseID: $0)) }
        let lines = try await submitter.submit([]).lines
        #expect(lines.map(\.outcome) == ["refused", "accepted"])
        #expect(Submitter.status(of: lines) == .partly)
        #expect(Spool.isEmpty(folder.profile))
    }

    @Test("A sender that is turned away keeps what it had, and new files are refused")
    func turnedAway() async throws {
        let folder = try TemporaryFolder()
        let hub = Hub { _ in .unreachable(Self.down) }
        let submitter = submitter(folder, PrincipalKey(), hub)
        _ = try await submitter.submit([item("a")])
        hub.answer = { _ in .turnedAway(Failure(.refused, "principal-revoked", "revoked")) }
        let lines = try await submitter.submit([item("b")]).lines
        #expect(lines.map(\.outcome) == ["kept", "refused"])
        #expect(Spool.entries(in: folder.profile.spool).count == 1)
    }

    @Test("The exit status tells what happened to the whole")
    func statuses() {
        func status(_ outcomes: String...) -> consilium.ExitStatus {
            Submitter.status(of: outcomes.map { Submitter.Line(label: "f", outcome: $0) })
        }
        #expect(status() == .ok)
        #expect(status("accepted", "already-received", "amended", "held") == .ok)
        #expect(status("refused") == .refused)
        #expect(status("kept", "kept") == .kept)
        #expect(status("accepted", "refused") == .partly)
        #expect(status("kept", "refused") == .partly)
        #expect(status("accepted", "not-sent") == .unreachable)
    }
}
