import Foundation
import Testing

@testable import ConsiliumCore

/// What is stored is final: every type reads back as it was written, and stands as golden bytes.
@Suite struct EventRecordTests {
    @Test("Every event type has a sample, and every sample reads back equal", arguments: Samples.events)
    func roundTrip(_ event: Event) throws {
        let bytes = Samples.record(event)
        let (header, facts) = try RecordHeader.decode(bytes)
        #expect(try Event(type: header.type, facts: facts) == event)
        #expect(header.encode { event.write(to: &$0) } == bytes)
        #expect(Event.types.contains(event.type))
    }

    @Test("Every network event type has a sample, and every sample reads back equal", arguments: Samples.networkEvents)
    func networkRoundTrip(_ event: NetworkEvent) throws {
        let bytes = Samples.record(event)
        let (header, facts) = try RecordHeader.decode(bytes)
        let decoded = try NetworkEvent(type: header.type, facts: facts)
        #expect(decoded == event)
        #expect(header.encode { decoded.write(to: &$0) } == bytes)
        #expect(NetworkEvent.types.contains(event.type))
    }

    @Test(
        "Every outcome of a delivery has a sample, and every sample reads back equal",
        arguments: Samples.deliveryEvents
    )
    func deliveryRoundTrip(_ event: DeliveryEvent) throws {
        let bytes = Samples.record(event)
        let (header, facts) = try RecordHeader.decode(bytes)
        let decoded = try DeliveryEvent(type: header.type, facts: facts)
        #expect(decoded == event)
        #expect(header.encode { decoded.write(to: &$0) } == bytes)
    }

    @Test("A disclosure reads back equal, whatever was shown", arguments: AccessEvent.Content.allCases)
    func accessRoundTrip(_ content: AccessEvent.Content) throws {
        var event = Samples.access
        event.content = content
        let (header, facts) = try RecordHeader.decode(Samples.record(event))
        #expect(try AccessEvent(type: header.type, facts: facts) == event)
    }

    @Test(
        "A delivery's reason that is no code, and an unknown outcome or content, is an error",
        arguments: [
            ("delivery-dead", "{}"), ("delivery-dead", #"{"reason":"李昞 refused"}"#),
            ("delivery-dead", #"{"reason":""}"#),
            ("delivery-discarded", #"{"reason":1}"#), ("delivery-lost", "{}"), ("accessed", "{}"),
        ]
    )
    func deliveryFaults(_ type: String, _ text: String) throws {
        let facts = try CanonicalObject(Array(text.utf8))
        #expect(throws: RecordError.self) { try DeliveryEvent(type: type, facts: facts) }
    }

    @Test(
        "A disclosure of an unknown content, without a count, or of another type is an error",
        arguments: [
            ("accessed", #"{"count":1,"firstAt":1,"what":"diary"}"#), ("accessed", #"{"firstAt":1,"what":"report"}"#),
            ("accessed", #"{"count":1,"what":"report"}"#), ("read", #"{"count":1,"firstAt":1,"what":"report"}"#),
        ]
    )
    func accessFaults(_ type: String, _ text: String) throws {
        let facts = try CanonicalObject(Array(text.utf8))
        #expect(throws: RecordError.self) { try AccessEvent(type: type, facts: facts) }
    }

    @Test("The samples leave no type out")
    func complete() {
        #expect(Set(Samples.events.map(\.type)) == Set(Event.types))
        #expect(Set(Samples.networkEvents.map(\.type)) == Set(NetworkEvent.types))
        #expect(Samples.deliveryEvents.map(\.type) == DeliveryEvent.types)
        #expect(Samples.governanceEvents.map(\.type) == GovernanceEvent.types)
        #expect(Set(Event.types).count == Event.types.count)
        #expect(Set(NetworkEvent.types).count == NetworkEvent.types.count)
    }

    /// `Protocols/Ledger/v1` from this file's place in the repository.
    private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Protocols/Ledger/v1")

    /// The golden record of each type, by file name.
    private static let golden: [(name: String, bytes: [UInt8])] = {
        var seen: Set<String> = []
        var out: [(name: String, bytes: [UInt8])] = []
        for event in Samples.events where seen.insert(event.type).inserted {
            out.append((event.type, Samples.record(event)))
        }
        for event in Samples.networkEvents { out.append((event.type, Samples.record(event))) }
        for event in Samples.deliveryEvents { out.append((event.type, Samples.record(event))) }
        for event in Samples.governanceEvents { out.append((event.type, Samples.record(event))) }
        out.append((AccessEvent.type, Samples.record(Samples.access)))
        return out
    }()

    @Test(
        "The golden records hold byte for byte (CONSILIUM_WRITE_GOLDEN=1 writes them anew until version 1 is released)"
    )
    func goldenRecords() throws {
        if ProcessInfo.processInfo.environment["CONSILIUM_WRITE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            for (name, bytes) in Self.golden {
                try Data(bytes).write(to: Self.folder.appendingPathComponent("\(name).json"))
            }
        }
        for (name, bytes) in Self.golden {
            let file = Self.folder.appendingPathComponent("\(name).json")
            let stored = try Data(contentsOf: file)
            #expect(Array(stored) == bytes, "\(name).json differs")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
            .filter { $0.hasSuffix(".json") }
        #expect(Set(files) == Set(Self.golden.map { "\($0.name).json" }))
    }

    // MARK: Refusals

    private func facts(_ event: Event) throws -> String {
        var writer = CanonicalWriter()
        writer.object { event.write(to: &$0) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func read(_ type: String, _ text: String) throws(RecordError) -> Event {
        try Event(type: type, facts: CanonicalObject(Array(text.utf8)))
    }

    @Test("An unknown type, and a type of the other stream, is an error")
    func unknownType() throws {
        #expect(throws: RecordError.self) { try read("teleported", "{}") }
        #expect(throws: RecordError.self) { try read("site-put", "{}") }
        #expect(throws: RecordError.self) {
            try NetworkEvent(type: "submitted", facts: CanonicalObject(Array("{}".utf8)))
        }
    }

    @Test("Every field value outside its table is an error, never a guess")
    func unknownValues() throws {
        let faults: [(Int, String, String)] = [
            (0, #""ageBand":"65-69""#, #""ageBand":"67""#), (0, #""basis":"guardian""#, #""basis":"uncle""#),
            (0, #""state":"given""#, #""state":"perhaps""#),
            (0, #""format":"hl7v2","hardStop""#, #""format":"hl8","hardStop""#),
            (0, #""medicalAssistance":"yes""#, #""medicalAssistance":"maybe""#),
            (0, #""priority":"stat""#, #""priority":"soon""#),
            (0, #""prioritySource":"conflicting""#, #""prioritySource":"dreamt""#),
            (0, #""serviceKind":"diagnosis-ECG""#, #""serviceKind":"spa""#), (0, #""sex":"2""#, #""sex":"7""#),
            (0, #""tier":"primary""#, #""tier":"galactic""#), (0, #""department":"0304""#, #""department":"0399""#),
            (0, #""requestKey":"dead""#, #""requestKey":"dea""#), (0, #""requestKey":"dead""#, #""requestKey":"DEAD""#),
            (0, #""requestKey":"dead","#, ""), (0, #""lost":3"#, #""lost":"3""#),
            (0, #""missing":["request.purpose","#, #""missing":["request.mood","#),
            (0, #""missing":["request.purpose","#, #""missing":[1,"#),
            (0, #""patient.name":"0000000000000aff""#, #""patient.alias":"0000000000000aff""#),
            (0, #""patient.name":"0000000000000aff""#, #""patient.name":"0aff""#),
            (0, #""patient.name":"0000000000000aff""#, #""patient.name":"0000000000000AFF""#),
            (0, #""deadline":"#, #""deadlinf":"#),
            (0, #""departmentUnmapped":false"#, #""departmentUnmapped":0"#),
            (0, #""scope":["421100001","#, #""scope":["not a site","#),
            (0, #""attachments":["abcd000000000000","#, #""attachments":["xyz","#),
            (0, #""site":"42112501X""#, #""site":"a b""#), (0, #""wantedSite":"110000002""#, #""wantedSite":"!""#),
            (0, #""via":"421125001""#, #""via":"""#),
        ]
        for (index, old, new) in faults {
            let event = Samples.events[index]
            let text = try facts(event)
            #expect(text.contains(old), "\(old) is not in the sample")
            let broken = text.replacingOccurrences(of: old, with: new)
            #expect(throws: RecordError.self, "\(new)") { try read(event.type, broken) }
        }
        let others: [(String, String)] = [
            ("information-requested", #"{"gaps":["mood"],"overdue":1,"reminderDue":1}"#),
            ("information-requested", #"{"gaps":"consent","overdue":1,"reminderDue":1}"#),
            ("queued", #"{"deadline":1,"reason":"because"}"#), ("queued", #"{"reason":"initial"}"#),
            ("declined", #"{"offer":1,"reason":"mood"}"#), ("declined", #"{"reason":"other"}"#),
            ("failed", #"{"reason":"mood"}"#), ("cancelled", #"{"reason":"mood"}"#),
            ("reminded", #"{"kind":"tea","ordinal":0}"#), ("leases-extended", "{}"),
            ("closed", #"{"decision":"adopted","rating":"5"}"#), ("closed", #"{"decision":"framed"}"#),
            ("unroutable", #"{"decision":1,"reason":"mapping"}"#), ("unroutable", #"{"reason":"bored"}"#),
            ("offered", #"{"decidedBy":"hub","decision":{},"invitations":[]}"#),
            ("offered", #"{"decidedBy":"hub","decision":{},"invitations":[1]}"#),
            ("accepted", #"{"offer":1,"startDue":1}"#), ("consent-recorded", "{}"), ("joined", "{}"),
            ("amended", #"{"changed":{"attachments":[],"elements":{}},"medicalAssistance":"yes"}"#),
            ("outcome-recorded", #"{"result":"fine"}"#), ("outcome-recorded", #"{"rating":"5","result":"died"}"#),
            ("tier-rated-again", #"{"tier":"galactic"}"#), ("tier-rated-again", "{}"), ("transferred", "{}"),
            ("received-below", #"{"place":{}}"#), ("discharged", #"{"alive":true}"#),
            ("discharged", #"{"alive":1,"eligibleForLowerTier":true}"#),
            ("priced", #"{"gross":1,"lines":[{"amount":1,"party":"a b"}],"tariffSetBy":"admin"}"#),
            ("priced", #"{"gross":1,"lines":[{"party":"a"}],"tariffSetBy":"admin"}"#),
            ("priced", #"{"gross":1,"lines":[],"tariffSetBy":"cat"}"#), ("priced", #"{"tariffSetBy":"admin"}"#),
            ("settlement-disputed", #"{"lines":["1"]}"#), ("settlement-disputed", #"{"lines":1}"#),
        ]
        for (type, text) in others {
            #expect(throws: RecordError.self, "\(type) \(text)") { try read(type, text) }
        }
    }

    @Test("A reminder time that is no number, or a report's unknown element, is an error")
    func nestedValues() throws {
        let offered = try facts(Samples.events.first { $0.type == "offered" }!)
        let reminder = "\(Samples.moment.milliseconds + 600_000)"
        #expect(offered.contains("[\(reminder),"))
        #expect(throws: RecordError.self) {
            try read("offered", offered.replacingOccurrences(of: "[\(reminder),", with: "[\"soon\","))
        }
        let reported = try facts(Samples.events.first { $0.type == "reported" }!)
        #expect(throws: RecordError.self) {
            try read("reported", reported.replacingOccurrences(of: "report.institution", with: "report.mood"))
        }
        #expect(throws: RecordError.self) {
            try read("reported", reported.replacingOccurrences(of: "\"0000000000000057\"", with: "\"zz\""))
        }
    }

    @Test("A number beyond what any sum can take is an error, and so is a capacity beyond what a site can have")
    func numbers() throws {
        let faults: [(String, String, String)] = [
            ("offered", #""number":1,"#, #""number":9223372036854775807,"#),
            ("offered", #""number":1,"#, #""number":0,"#),
            ("priced", #""gross":50000"#, #""gross":9223372036854775807"#),
            ("priced", #""amount":40000"#, #""amount":9223372036854775807"#),
            ("priced", #""amount":40000"#, #""amount":-1"#),
            ("leases-extended", #""milliseconds":90000"#, #""milliseconds":9223372036854775807"#),
        ]
        for (type, old, new) in faults {
            let event = try #require(Samples.events.first { $0.type == type })
            let text = try facts(event)
            #expect(text.contains(old), "\(old) is not in the sample")
            let broken = text.replacingOccurrences(of: old, with: new)
            #expect(throws: RecordError.self, "\(new)") { try read(type, broken) }
        }
        func capacity(_ number: String) throws(RecordError) -> NetworkEvent {
            let text = #"{"by":"site","capacity":\#(number),"department":"0304","site":"421125001"}"#
            return try NetworkEvent(type: "capacity-set", facts: CanonicalObject(Array(text.utf8)))
        }
        #expect(
            try capacity("1000000")
                == .capacitySet(Scenery.county, Scenery.cardiology, capacity: 1_000_000, by: .site)
        )
        for number in ["1000001", "9000000000000000000", "-1"] {
            #expect(throws: RecordError.self, "\(number)") { try capacity(number) }
        }
    }

    @Test("A broken network record is an error")
    func networkFaults() {
        let faults: [(String, String)] = [
            ("site-put", #"{"site":{}}"#), ("site-put", #"{"site":"no object"}"#), ("policy-set", #"{"policy":{}}"#),
            ("invited", #"{"expires":1,"principal":"421125001/op/a","roles":["king"],"token":"t"}"#),
            ("revoked", #"{"principal":"421125001/cat/a"}"#), ("revoked", #"{"principal":"421125001/op/a b"}"#),
            ("granted", #"{"principal":"421125001/op/a","role":"king"}"#),
            ("site-status", #"{"site":"421125001","status":"asleep"}"#), ("channel-live", #"{"site":"?"}"#),
            ("capacity-set", #"{"by":"cat","capacity":1,"department":"0304","site":"421125001"}"#),
            ("doctors-imported", #"{"doctors":[{"licence":"a"}],"site":"421125001"}"#), ("enrolled", "{}"),
        ]
        for (type, text) in faults {
            #expect(throws: RecordError.self, "\(type) \(text)") {
                try NetworkEvent(type: type, facts: CanonicalObject(Array(text.utf8)))
            }
        }
    }

    @Test("A case begins with its submission and with nothing else")
    func beginnings() throws {
        for event in Samples.events where event.type != "submitted" {
            #expect(throws: RecordError.self) {
                try Consultation.evolve(nil, event, id: CaseID(high: 1, low: 1), sequence: 1, at: Samples.moment)
            }
        }
    }

    @Test("The envelope is read strictly")
    func envelope() throws {
        let text = String(decoding: Samples.record(Event.started), as: UTF8.self)
        #expect(try RecordHeader.decode(Array(text.utf8)).0.version == 1)
        let faults: [(String, String)] = [
            (#""version":1"#, #""version":2"#), (#""stream":"consultation/"#, #""stream":"consultation//"#),
            (#""stream":"consultation/"#, #""stream":"concert/"#),
            (#""stream":"consultation/01"#, #""stream":"consultation/o1"#),
            (#""actor":"421125001/op/zhao.li""#, #""actor":"zhao""#), (#""site":"421125001""#, #""site":"a b""#),
            (#""door":"mllp""#, #""door":"window""#), (#""sequence":7"#, #""sequence":"7""#),
            (#""salt":"0001"#, #""salt":"zz01"#), (#""time":"#, #""tine":"#),
            (#""facts":{}"#, #""facts":[]"#), (#""payload":"ee"#, #""payload":"EE"#),
            (#""salt":"000102030405060708090a0b0c0d0e0f","#, ""),
        ]
        for (old, new) in faults {
            #expect(text.contains(old), "\(old)")
            #expect(throws: RecordError.self, "\(new)") {
                try RecordHeader.decode(Array(text.replacingOccurrences(of: old, with: new).utf8))
            }
        }
    }

    @Test("A case's stream and the network's are told apart")
    func streams() throws {
        #expect(StreamID.network.description == "network/00000000000000000000000000")
        let header = try RecordHeader.decode(Samples.record(NetworkEvent.channelLive(Scenery.county))).0
        #expect(header.stream == .network)
        #expect(header.actor == nil && header.site == nil && header.payload == nil && header.message == nil)
        #expect(Set(StreamKind.allCases.map(\.rawValue)).count == StreamKind.allCases.count)
    }
}
