import ConsiliumCore
import Testing

@testable import ConsiliumLedger

@Suite("Erasure and what must not be found")
struct ErasureTests {
    private static let canaries = ["金丝雀李四", "421125195811034443", "隐私病情摘要一二三", "私密会诊意见甲乙", "canary-note-7731"]

    /// UTF-8 and GB18030, as the messages of two hospitals would carry them.
    private static func encodings(_ text: String) -> [[UInt8]] {
        let gb: [String: String] = [
            "金丝雀李四": "bdf0cbbfc8b8c0eecbc4", "隐私病情摘要一二三": "d2fecbbdb2a1c7e9d5aad2aad2bbb6fec8fd",
            "私密会诊意见甲乙": "cbbdc3dcbbe1d5efd2e2bcfbbcd7d2d2",
        ]
        return [Array(text.utf8)] + (gb[text].flatMap { bytes(hexadecimal: $0) }.map { [$0] } ?? [])
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        var out: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            out.append(byte)
        }
        return out
    }

    private func canaryStage() throws -> (EngineStage, CaseID) {
        let stage = try EngineStage()
        let application = EngineStage.application("HZ-1") {
            $0[.patientName] = Self.canaries[0]
            $0[.citizenID] = Self.canaries[1]
            $0[.summary] = Self.canaries[2]
            $0.attachments = [
                Attachment(
                    title: Self.canaries[0],
                    contentType: "text/plain",
                    bytes: Array(String(repeating: Self.canaries[2], count: 4_000).utf8)
                )
            ]
        }
        var source: [UInt8] = []
        for canary in Self.canaries {
            for encoding in Self.encodings(canary) { source += encoding + [13] }
        }
        let id = try #require(try stage.one(try stage.submission(application, source: source)).caseID)
        let county = EngineStage.doctor(EngineStage.county)
        try stage.one(stage.act(.accept(appointment: Self.canaries[4]), on: id, by: county))
        try stage.one(stage.act(EngineStage.report(Self.canaries[3]), on: id, by: county))
        let row = try #require(try stage.flow.deliveries(of: EngineStage.county, limit: 1).first)
        try stage.one(.fixDelivery(row.id, controlID: "C1", bytes: source))
        try stage.one(
            .quarantine(
                QuarantinedFrame(
                    site: EngineStage.town,
                    principal: EngineStage.node(EngineStage.town),
                    door: .mllp,
                    code: "unparsable",
                    location: "PID",
                    bytes: source
                )
            )
        )
        return (stage, id)
    }

    private func expectNoCanary(_ stage: EngineStage, _ place: Comment) throws {
        let files = bytesBelow(stage.folder.path)
        #expect(files.keys.contains { $0.hasSuffix("ledger.db") })
        for (name, bytes) in files {
            for canary in Self.canaries {
                for needle in Self.encodings(canary) where contains(bytes, needle) {
                    Issue.record("\(canary) stands in \(name): \(place)")
                }
            }
        }
    }

    @Test("No name, number or clinical word stands in database, WAL or blobs, before and after an erasure")
    func canaries() throws {
        let (stage, id) = try canaryStage()
        try expectNoCanary(stage, "before the erasure, in the WAL")
        try stage.store.checkpoint(.truncate)
        try expectNoCanary(stage, "before the erasure, in the database")
        try stage.one(.erase(id, by: "test"))
        try stage.intake.blobs.erase(case: id)
        try expectNoCanary(stage, "after the erasure")
        try stage.store.checkpoint(.truncate)
        try expectNoCanary(stage, "after the checkpoint")
    }

    @Test("After an erasure key and ciphertext stand in no byte of the files, and projections are what they were")
    func destroyed() throws {
        let (stage, id) = try canaryStage()
        let secrets = try stage.store.read { connection in
            try connection.all("SELECT wrapped FROM case_keys WHERE case_id = $1", [.identifier(id)]) { $0.blob(0) }
                + connection.all("SELECT sealed FROM payloads WHERE stream = $1", [.identifier(id)]) { $0.blob(0) }
                + connection.all(
                    "SELECT sealed FROM blobs WHERE case_id = $1 AND sealed IS NOT NULL",
                    [.identifier(id)]
                ) { $0.blob(0) }
                + connection.all("SELECT sealed FROM delivery_attempts") { $0.blob(0) }
                + connection.all("SELECT digest FROM blind_index WHERE case_id = $1", [.identifier(id)]) { $0.blob(0) }
        }
        #expect(secrets.count >= 6)
        let before = try Rebuild.digest(stage.store)
        let records = try stage.flow.recordCount()
        try stage.one(.erase(id, by: "test"))
        try stage.intake.blobs.erase(case: id)
        try stage.store.checkpoint(.truncate)
        let files = bytesBelow(stage.folder.path)
        for secret in secrets {
            for (name, bytes) in files where contains(bytes, Array(secret.prefix(48))) {
                Issue.record("erased bytes stand in \(name)")
            }
        }
        #expect(try Rebuild.digest(stage.store) == before)
        #expect(try stage.rebuildsEqually())
        #expect(try stage.flow.recordCount() == records)
        #expect(try Rebuild.verify(stage.store) == records)
    }

    @Test("An erased case says so to those who had a part in it, and is not found for a stranger")
    func erased() throws {
        let (stage, id) = try canaryStage()
        try stage.one(.erase(id, by: "test"))
        let network = stage.ledger.network
        for principal in [EngineStage.node(EngineStage.town), EngineStage.doctor(EngineStage.county)] {
            #expect(throws: Refusal(.erased)) {
                try stage.cases.view(id, as: stage.actor(principal), in: network)
            }
        }
        #expect(throws: Refusal(.notFound)) {
            try stage.cases.view(id, as: stage.actor(EngineStage.doctor(EngineStage.second)), in: network)
        }
        #expect(throws: Refusal(.erased)) { try stage.cases.blob(id, part: "source-1") }
        #expect(try stage.cases.cases(of: EngineStage.town, identifier: Self.canaries[1]).isEmpty)
        let row = try #require(try stage.flow.deliveries(of: EngineStage.county, limit: 1).first)
        #expect(try stage.flow.fixedDelivery(row.id) == nil)
        #expect(stage.refusal(.fixDelivery(row.id, controlID: "C2", bytes: [1]))?.code == .erased)
    }

    @Test("Acts on an erased case and changed copies of it are refused; the same message again is still answered")
    func actsAfterwards() throws {
        let stage = try EngineStage()
        let message = try stage.submission(EngineStage.application("HZ-1"), message: "A")
        let id = try #require(try stage.one(message).caseID)
        try stage.one(.erase(id, by: "test"))
        #expect(try stage.one(message).outcome == .alreadyReceived)
        let changed = try stage.submission(EngineStage.application("HZ-1") { $0[.summary] = "新" })
        #expect(stage.refusal(changed)?.code == .erased)
        let accept = stage.act(.accept(appointment: nil), on: id, by: EngineStage.doctor(EngineStage.county))
        #expect(stage.refusal(accept)?.code == .erased)
        #expect(stage.refusal(.erase(CaseID(high: 1, low: 1), by: "test"))?.code == .notFound)
        #expect(try stage.one(.erase(id, by: "again")).outcome == .done)
        // Timers of the facts go on: they carry nobody's content.
        stage.advance(.days(30))
        stage.step()
        #expect(try stage.rebuildsEqually())
    }
}
