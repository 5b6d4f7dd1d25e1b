import Foundation
import Testing

@testable import ConsiliumCore

/// Governance events as they are stored.
@Suite struct GovernanceRecordTests {
    @Test("Every governance event has a sample, and every sample reads back equal", arguments: Samples.governanceEvents)
    func roundTrip(_ event: GovernanceEvent) throws {
        let bytes = Samples.record(event)
        let (header, facts) = try RecordHeader.decode(bytes)
        let decoded = try GovernanceEvent(type: header.type, facts: facts)
        #expect(decoded == event)
        #expect(header.encode { decoded.write(to: &$0) } == bytes)
        #expect(header.stream == .governance)
    }

    @Test("No type of the stream is one of another stream's")
    func types() {
        #expect(Set(GovernanceEvent.types).count == GovernanceEvent.types.count)
        let others = Event.types + NetworkEvent.types + DeliveryEvent.types + [AccessEvent.type]
        #expect(Set(GovernanceEvent.types).isDisjoint(with: others))
    }

    @Test("A measure's goals come back to the last bit, those of every standard measure too")
    func goals() throws {
        for measure in Measure.standard + [Samples.ownMeasure] {
            #expect(MeasureFacts.canCarry(measure))
            #expect(MeasureFacts(measure).measure == measure)
        }
        var odd = Samples.ownMeasure
        for target in [1.0 / 3, .infinity, .nan, 1e9, 0.000_000_1] {
            odd.target = target
            #expect(!MeasureFacts.canCarry(odd), "\(target)")
        }
    }

    @Test(
        "A fact outside its table is an error, never a guess",
        arguments: [
            (#""check":"consent-before-disclosure""#, #""check":"weather""#),
            (#""category":"outage""#, #""category":"tea""#),
            (#""day":"2026-03-01""#, #""day":"2026-02-30""#),
            (#""due":"2026-04-01""#, #""due":"soon""#),
            (#""format":"hl7v2""#, #""format":"telex""#),
            (#""outcome":"discrepant""#, #""outcome":"fine""#),
            (#""verdict":"justified""#, #""verdict":"maybe""#),
            (#""reason":"sample-check""#, #""reason":"curiosity""#),
            (#""millionths":300000"#, #""millionths":"300000""#),
            (#","population":800000"#, ""),
            (#""items":["OC""#, #""items":["XX""#),
            (#""confidence":"medium""#, #""confidence":"sure""#),
            (#""decider":"investor""#, #""decider":"nobody""#),
            (#""auditor":"110000001/op/auditor""#, #""auditor":"110000001/cat/auditor""#),
            (#""records":1234"#, #""records":"1234""#),
            (#""purpose":"source","size""#, #""purpose":"fun","size""#),
            (#""measures":[{"#, #""measures":[1,{"#),
            (#""value":3}"#, #""value":5}"#),
            (#""value":3}"#, #""value":-1}"#),
            (#""received":40"#, #""received":1099511627776"#),
            (#""received":40"#, #""received":38"#),
            (#""acceptedAtFirst":39"#, #""acceptedAtFirst":41"#),
            (#""population":800000"#, #""population":9223372036854775807"#),
            (#""assisted":40000"#, #""assisted":900001"#),
        ]
    )
    func faults(_ old: String, _ new: String) throws {
        var isFound = false
        for event in Samples.governanceEvents {
            var writer = CanonicalWriter()
            writer.object { event.write(to: &$0) }
            let text = String(decoding: writer.bytes, as: UTF8.self)
            guard text.contains(old) else { continue }
            isFound = true
            let broken = text.replacingOccurrences(of: old, with: new)
            #expect(throws: RecordError.self, "\(event.type): \(new)") {
                try GovernanceEvent(type: event.type, facts: CanonicalObject(Array(broken.utf8)))
            }
        }
        #expect(isFound, "\(old) is in no sample")
    }

    @Test("An unknown type is an error, and so is an assessment's event without its assessment")
    func unknown() throws {
        for (type, text) in [
            ("teleported", #"{"assessment":"\#(Samples.entryID)"}"#), ("assessment-locked", "{}"),
            ("assessment-locked", #"{"assessment":"x"}"#), ("submitted", "{}"), ("site-approved", "{}"),
            ("chain-verified", #"{"day":20260302,"records":1}"#),
        ] {
            #expect(throws: RecordError.self, "\(type) \(text)") {
                try GovernanceEvent(type: type, facts: CanonicalObject(Array(text.utf8)))
            }
        }
    }
}
