import ConsiliumAdapters
import ConsiliumCore
import Foundation
import Testing

/// Public R4 resources, read in place where they are present: nothing may crash, and every answer is a clear one.
@Suite("Public FHIR resources")
struct FHIRCorpusTests {
    private func files(_ name: String) -> [URL] {
        let folder = ContractFolder.corpus(name)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { folder.appendingPathComponent($0) }
    }

    @Test("Valid resources are indexed whole, and each is taken or refused by name")
    func valid() throws {
        let files = files("fhir-r4")
        guard !files.isEmpty else {
            print("notice: no public FHIR resources beside the package; skipped")
            return
        }
        var counts: [String: Int] = [:]
        for file in files {
            let bytes = Array(try Data(contentsOf: file))
            do throws(FormatError) {
                let document = try JSONDocument(bytes)
                #expect(!document.lost(limit: 10).isEmpty)
            } catch {
                Issue.record("\(file.lastPathComponent): \(error.location) \(error.message)")
            }
            do throws(FormatError) {
                _ = try FHIRAdapter.decodeMessage(bytes, profile: ExchangeProfile(format: .fhir))
                counts["taken", default: 0] += 1
            } catch {
                counts[error.code.rawValue, default: 0] += 1
                #expect(!error.location.isEmpty)
            }
        }
        print(
            "notice: \(files.count) valid resources: \(counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })"
        )
    }

    @Test("Invalid resources are refused, every one")
    func invalid() throws {
        let files = files("fhir-r4-invalid")
        guard !files.isEmpty else {
            print("notice: no public FHIR resources beside the package; skipped")
            return
        }
        var counts: [String: Int] = [:]
        for file in files {
            let bytes = Array(try Data(contentsOf: file))
            do throws(FormatError) {
                _ = try FHIRAdapter.decodeMessage(bytes, profile: ExchangeProfile(format: .fhir))
                Issue.record("\(file.lastPathComponent) was taken")
            } catch {
                counts[error.code.rawValue, default: 0] += 1
            }
        }
        print(
            "notice: \(files.count) invalid resources: \(counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })"
        )
    }

    @Test("Seeded mutations of a Bundle never crash the adapter")
    func mutations() {
        let seed = FHIRAdapter.encodeBundle(FHIRSample.application, site: FHIRSample.township, messageID: "M")
        var random = SplitMix(state: 7)
        var refused = 0
        for _ in 0..<2_000 {
            var bytes = seed
            for _ in 0...random.below(3) {
                let at = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes[at] = UInt8(random.below(128))
                case 1: bytes.remove(at: at)
                default:
                    // Moves a piece, so that structure breaks and syntax often does not.
                    let end = min(bytes.count, at + random.below(40))
                    let piece = Array(bytes[at..<end])
                    bytes.removeSubrange(at..<end)
                    bytes.insert(contentsOf: piece, at: random.below(bytes.count))
                }
            }
            do throws(FormatError) {
                _ = try FHIRAdapter.decodeMessage(bytes, profile: ExchangeProfile(format: .fhir))
            } catch {
                refused += 1
            }
        }
        #expect(refused > 500)
    }
}
