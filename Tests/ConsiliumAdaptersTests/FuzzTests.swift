import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

/// Messages of the contract with bytes changed at random: each is read or refused with its place, quickly, and nothing
/// stops the process. `CONSILIUM_FUZZ_SECONDS` says for how long; without it a fixed number is tried.
@Suite("Fuzz")
struct FuzzTests {
    /// SplitMix64 (doi 10.1145/2660193.2660195): the same changes for the same seed.
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let seconds = ProcessInfo.processInfo.environment["CONSILIUM_FUZZ_SECONDS"].flatMap(Double.init)
    private static let fixedCount = 1_500

    /// Inputs of the golden files under `Protocols/NAME`: what stands above the divider, without header lines.
    private static func inputs(_ name: String, separator: String) -> [[UInt8]] {
        let folder = ContractFolder.protocols(name)
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL } ?? []
        return files.map(\.path).sorted()
            .compactMap { path in
                guard let data = FileManager.default.contents(atPath: path) else { return nil }
                let parts = String(decoding: data, as: UTF8.self).components(separatedBy: "\n----------\n")
                guard parts.count == 2 else { return nil }
                let lines = parts[0].components(separatedBy: "\n").drop { $0.hasPrefix("# ") }
                return Array(lines.joined(separator: separator).utf8)
            }
    }

    /// One to eight changes: a byte flipped, cut out, doubled or replaced by one that means something.
    private static func changed(_ bytes: [UInt8], by random: inout Seeded, notable: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            guard !bytes.isEmpty else { return bytes }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...16, using: &random)))
            case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
            case 3: bytes[place] = notable[Int.random(in: 0..<notable.count, using: &random)]
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    private func fuzz(_ inputs: [[UInt8]], notable: String, _ read: ([UInt8]) -> FormatError?) throws {
        try #require(!inputs.isEmpty)
        let seed = Self.seconds == nil ? 1 : UInt64.random(in: .min ... .max)
        var random = Seeded(state: seed)
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        while Self.seconds.map({ clock.now - start < .seconds($0) }) ?? (count < Self.fixedCount) {
            let input = inputs[count % inputs.count]
            let bytes = Self.changed(input, by: &random, notable: Array(notable.utf8) + [0, 0x0D, 0x80, 0xFF])
            let before = clock.now
            let error = read(bytes)
            let took = clock.now - before
            if let error, error.location.isEmpty { Issue.record("no place, seed \(seed), message \(count)") }
            if took > .seconds(2) { Issue.record("took \(took), seed \(seed), message \(count)") }
            count += 1
        }
        if Self.seconds != nil { print("fuzz: \(count) messages, seed \(seed)") }
    }

    @Test("HL7 v2 with bytes changed at random is read or refused with its place, and answered")
    func hl7v2() throws {
        let profile = ExchangeProfile(format: .hl7v2, charset: "GB18030")
        let now = Instant(milliseconds: 1_772_000_000_000)
        try fuzz(Self.inputs("HL7v2", separator: "\r"), notable: "|^~\\&#\"") { bytes in
            do throws(FormatError) {
                _ = try HL7v2Adapter.decode(bytes, profile: profile, receivedAt: now)
                return nil
            } catch {
                let header = HL7v2Adapter.header(of: bytes, profile: profile)
                _ = HL7v2Adapter.refuse(error, to: header, controlID: "F", at: now)
                return error
            }
        }
    }

    @Test("FHIR with bytes changed at random is read or refused with its place, and answered")
    func fhir() throws {
        let profile = ExchangeProfile(format: .fhir)
        try fuzz(Self.inputs("FHIR", separator: "\n"), notable: "{}[]\",:\\0-e") { bytes in
            do throws(FormatError) {
                _ = try FHIRAdapter.decodeMessage(bytes, profile: profile)
                return nil
            } catch {
                _ = FHIRAdapter.outcome(error)
                return error
            }
        }
    }
}
