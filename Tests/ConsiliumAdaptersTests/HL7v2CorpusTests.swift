import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

/// Messages of others: read where they lie, never copied; skipped with a notice where they are absent.
@Suite("The HL7 v2 corpus")
struct HL7v2CorpusTests {
    private static func files(_ folder: String) -> [(name: String, bytes: [UInt8])] {
        let root = ContractFolder.corpus(folder)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: root.path) else {
            print("skipped: no corpus \(folder)")
            return []
        }
        return names.sorted()
            .compactMap { name in
                FileManager.default.contents(atPath: root.appendingPathComponent(name).path).map { (name, Array($0)) }
            }
    }

    /// Decodes; a refusal must name a place and be answerable.
    private func outcome(_ bytes: [UInt8]) -> Result<HL7v2Message, FormatError> {
        let profile = ExchangeProfile(format: .hl7v2, charset: "GB18030")
        do {
            return .success(try HL7v2Adapter.decode(bytes, profile: profile, receivedAt: HL7v2Case.now))
        } catch {
            #expect(!error.location.isEmpty)
            let header = HL7v2Adapter.header(of: bytes, profile: profile)
            let reply = HL7v2Adapter.refuse(error, to: header, controlID: "A", at: HL7v2Case.now)
            #expect(header.isAcknowledgement || reply.flatMap { HL7v2Acknowledgement($0) } != nil)
            return .failure(error)
        }
    }

    @Test("Each message decodes or is refused with its place", arguments: ["hl7v2", "hl7v2-malformed", "hl7v2-xml"])
    func corpus(folder: String) {
        var decoded = 0
        var refused: [String: Int] = [:]
        for (_, bytes) in Self.files(folder) {
            switch outcome(bytes) {
            case .success: decoded += 1
            case .failure(let error): refused["\(error.code.rawValue) at \(error.location)", default: 0] += 1
            }
        }
        let reasons = refused.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        print("\(folder): \(decoded) decoded; refused: \(reasons)")
    }

    @Test("Public referrals become applications with their patient and number")
    func referrals() {
        for (name, bytes) in Self.files("hl7v2") where name.contains("ref_i12") || name.contains("REF-I12") {
            switch outcome(bytes) {
            case .success(let message):
                guard case .application(let application) = message.submission.intent else {
                    Issue.record("\(name): no application")
                    continue
                }
                #expect(application[.patientName] != nil, "\(name)")
                #expect(application[.requestNumber] != nil, "\(name)")
            case .failure(let error):
                // RF1 stands one field early in this one.
                #expect(
                    name == "tx_ie_ref_i12_utf8.hl7" && error == FormatError(.invalidValue, at: "RF1-6", ""),
                    "\(name)"
                )
            }
        }
    }

    @Test("Every message of the corpus can be indexed, but for those that are no ER7")
    func index() {
        var indexed = 0
        var other = 0
        for (_, bytes) in Self.files("hl7v2") {
            guard let text = CharsetDetection.decode(bytes, label: nil, siteDefault: .gb18030) else {
                other += 1
                continue
            }
            do {
                let message = try ER7Message(utf8: text.utf8)
                _ = message.lost()
                indexed += 1
            } catch { other += 1 }
        }
        print("hl7v2: \(indexed) indexed, \(other) not")
        #expect(indexed + other == 0 || indexed > 180)
    }
}

@Suite("HL7 v2 under mutation")
struct HL7v2MutationTests {
    /// SplitMix64: the same seed gives the same mutants.
    private struct Generator {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ z >> 31) % UInt64(max(bound, 1)))
        }
    }

    private static let spices: [[UInt8]] = [
        [13], [10], [0], [0x7C], [0x5E], [0x7E], [0x5C], [0x26], [0x22, 0x22], [0x0B], [0x1C], [0x80], [0xFF],
        [0xAB, 0x7C],
        Array("MSH|".utf8), Array("\\X".utf8), Array("\\.br\\".utf8), Array("99999999999".utf8),
        Array("OBX|1|ED|||".utf8),
    ]

    @Test("No mutant of a good message does more than be refused", arguments: 1...10)
    func mutants(seed: Int) throws {
        var generator = Generator(state: UInt64(seed))
        let seeds = try GoldenFile.all().map(\.bytes)
        let profile = ExchangeProfile(format: .hl7v2, charset: "GB18030")
        var decoded = 0
        for _ in 0..<600 {
            var bytes = seeds[generator.next(seeds.count)]
            for _ in 0...generator.next(6) {
                let at = generator.next(bytes.count + 1)
                switch generator.next(5) {
                case 0: bytes.insert(contentsOf: Self.spices[generator.next(Self.spices.count)], at: at)
                case 1 where at < bytes.count: bytes[at] = UInt8(generator.next(256))
                case 2 where at < bytes.count: bytes.removeSubrange(at..<min(bytes.count, at + 1 + generator.next(40)))
                case 3 where at < bytes.count:
                    let piece = bytes[at..<min(bytes.count, at + 1 + generator.next(80))]
                    bytes.insert(contentsOf: piece, at: generator.next(bytes.count))
                default: bytes = Array(bytes.prefix(at))
                }
            }
            do {
                let message = try HL7v2Adapter.decode(bytes, profile: profile, receivedAt: HL7v2Case.now)
                decoded += 1
                _ = HL7v2Adapter.acknowledge(.held("H-1"), to: message.header, controlID: "A", at: HL7v2Case.now)
            } catch {
                #expect(!error.location.isEmpty)
                let header = HL7v2Adapter.header(of: bytes, profile: profile)
                let reply = HL7v2Adapter.refuse(error, to: header, controlID: "A", at: HL7v2Case.now)
                if let reply {
                    #expect(reply.last == 13 || reply.last == 0)
                    #expect(!header.charset.name.isEmpty)
                }
            }
        }
        #expect(decoded > 0)
    }
}
