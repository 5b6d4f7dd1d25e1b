import ConsiliumAdapters
import ConsiliumCore
import Testing

@Suite("One request through two doors")
struct FHIRCrossDoorTests {
    @Test("A request read from HL7 v2 and sent on as a Bundle is the same request, element by element")
    func sameRequest() throws {
        var compared = 0
        for file in try GoldenFile.all() {
            let received = Instant(milliseconds: 1_768_440_600_000)
            guard let message = try? HL7v2Adapter.decode(file.bytes, profile: file.profile, receivedAt: received),
                case .application(let application) = message.submission.intent
            else { continue }
            let site = message.submission.statedSite ?? FHIRSample.township
            let bytes = FHIRAdapter.encodeBundle(application, site: site, messageID: "M-1")
            let interaction = try FHIRAdapter.decodeBundle(bytes, profile: FHIRBundleSample.profile)
            guard case .application(let copy) = interaction.submission.intent else {
                Issue.record("\(file.name): not an application")
                continue
            }
            for element in Element.allCases where copy[element] != application[element] {
                Issue.record("\(file.name): \(element.rawValue) differs")
            }
            #expect(copy.attachments == application.attachments, "\(file.name)")
            #expect(interaction.submission.lost == [], "\(file.name)")
            compared += 1
        }
        #expect(compared >= 5)
    }
}
