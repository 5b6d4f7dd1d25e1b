import ConsiliumCore
import Foundation
import Testing

@testable import ConsiliumGenerator
@testable import ConsiliumLedger

@Suite("Canaries")
struct CanaryTests {
    @Test("Marked names, numbers and texts stand in no file of the ledger's folder")
    func sealed() throws {
        let ledger = try GeneratedLedger.shared.get()
        #expect(ledger.summary.cases > 60)
        #expect(ledger.files(holding: Canary.prefix).isEmpty)
        // The search itself finds what is there.
        #expect(!ledger.files(holding: Life.networkName).isEmpty)
    }

    @Test("Opened with the keys, every application carries its own mark in name, number and free text")
    func opened() throws {
        let ledger = try GeneratedLedger.shared.get()
        let masters = try MasterKeyFile.load(from: ledger.keys)
        var marks: Set<String> = []
        for id in try ledger.cases() {
            let (wrapped, sealed) = try ledger.store.read { connection in
                let key = try connection.first(Statements.caseKey, [.identifier(id)]) {
                    WrappedKey(masterVersion: $0.int(0), bytes: $0.blob(1))
                }
                let payloads = try connection.all(Statements.payloadsOfStream, [.identifier(id)]) { $0.blob(1) }
                return (try #require(key), try #require(payloads.first))
            }
            let context = SealContext(stream: id, version: 1, part: "payload")
            let key = try masters.unwrap(wrapped, for: id)
            let payload = try Payload(canonical: try Sealer.open(sealed, key: key, context: context))
            let number = try #require(payload[Element.requestNumber])
            let mark = String(number.dropFirst(3))
            #expect(mark.hasPrefix(Canary.prefix))
            #expect(payload[Element.patientName]?.hasSuffix(mark) == true)
            #expect(payload[Element.citizenID]?.hasSuffix(mark) == true)
            #expect(payload[Element.summary].map { $0.hasSuffix(mark) } ?? true)
            #expect(marks.insert(mark).inserted)
        }
    }
}
