import Foundation
import Testing

@testable import ConsiliumCore

@Suite struct InstantTests {
    @Test(
        "A time is read with any offset and printed in UTC",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"),
            ("2000-02-29T23:59:59.999Z", 951_868_799_999, "2000-02-29T23:59:59.999Z"),
            ("2026-03-02T09:00+08:00", 1_772_413_200_000, "2026-03-02T01:00:00.000Z"),
            ("2026-03-02T09:00:00.5+08:00", 1_772_413_200_500, "2026-03-02T01:00:00.500Z"),
            ("2026-03-02T09:00:00.123456789+08:00", 1_772_413_200_123, "2026-03-02T01:00:00.123Z"),
            ("2025-12-31T20:30:00-05:30", 1_767_232_800_000, "2026-01-01T02:00:00.000Z"),
            ("1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(String, Int64, String)]
    )
    func reads(_ text: String, _ milliseconds: Int64, _ printed: String) {
        #expect(Instant(iso8601: text)?.milliseconds == milliseconds)
        #expect(Instant(milliseconds: milliseconds).iso8601 == printed)
        #expect(Instant(iso8601: printed)?.milliseconds == milliseconds)
    }

    @Test(
        "A time that is malformed or impossible is none",
        arguments: [
            "", "2026-03-02", "2026-03-02T09:00:00", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+15:00", "2026-01-01T00:00:00+08:60",
            "2026-01-01T00:00:00+0800", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00ZZ", "26-01-01T00:00:00Z",
            "2026-1-1T00:00:00Z", "٢٠٢٦-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2026-01-01T00Z",
            "2026-01-01T00:00:0", "2026-01-01T00:00:00+", "+026-01-01T00:00:00Z",
        ]
    )
    func refuses(_ text: String) { #expect(Instant(iso8601: text) == nil) }

    @Test("Every day of 400 years follows the one before")
    func calendar() {
        var weekday = CivilTime(year: 1900, month: 1, day: 1).weekday
        #expect(weekday == 1, "1 January 1900 was a Monday")
        var days = CivilTime.days(fromCivil: 1_900, 1, 1)
        for year in 1_900..<2_300 {
            for month in 1...12 {
                for day in 1...CivilTime.days(inMonth: month, year: year) {
                    let here = CivilTime.days(fromCivil: year, month, day)
                    guard here == days, CivilTime.civil(fromDays: here) == (year, month, day),
                        CivilTime(year: year, month: month, day: day).weekday == weekday
                    else {
                        Issue.record("\(year)-\(month)-\(day)")
                        return
                    }
                    days += 1
                    weekday = (weekday + 1) % 7
                }
            }
        }
        #expect(CivilTime.days(inMonth: 2, year: 2_100) == 28 && CivilTime.days(inMonth: 2, year: 2_400) == 29)
        #expect(CivilTime.civil(fromDays: -800_000).0 < 0, "long before the common era")
    }

    @Test("Any moment prints and reads back")
    func roundTrip() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<1_000 {
            let instant = Instant(milliseconds: .random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
            #expect(Instant(iso8601: instant.iso8601) == instant)
            let offset = Int.random(in: -840...840, using: &random)
            #expect(CivilTime(instant, offsetMinutes: offset).instant(offsetMinutes: offset) == instant)
        }
    }

    @Test("Instants and spans add and order")
    func arithmetic() {
        let a = Instant(milliseconds: 1_000)
        #expect(a + .seconds(2) - .seconds(3) == Instant(milliseconds: 0))
        #expect((a + .minutes(1)) - a == .minutes(1))
        #expect(Span.hours(1) - .minutes(60) == .zero && Span.days(1) > .hours(23))
        #expect(a < a + .milliseconds(1))
    }

    @Test("Instants and spans go through JSON as text and as milliseconds")
    func codable() throws {
        struct Pair: Codable, Equatable {
            var at: Instant
            var span: Span
        }
        let pair = Pair(at: Scenery.monday, span: .minutes(5))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(pair)
        #expect(String(decoding: data, as: UTF8.self) == #"{"at":"2026-03-02T01:00:00.000Z","span":300000}"#)
        #expect(try JSONDecoder().decode(Pair.self, from: data) == pair)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Pair.self, from: Data(#"{"at":"noon","span":1}"#.utf8))
        }
    }
}

@Suite struct TimeOrderedIDTests {
    @Test("Text, bytes and order agree with each other")
    func agree() throws {
        var random = SeededGenerator(seed: 2)
        var previous = TimeOrderedID(high: 0, low: 0)
        for index in 0..<500 {
            let time = Instant(milliseconds: 1_700_000_000_000 + Int64(index) * 7)
            let id = TimeOrderedID(at: time, random: (.random(in: 0...(.max), using: &random), random.next()))
            #expect(id.time == time)
            #expect(TimeOrderedID(id.description) == id)
            #expect(TimeOrderedID(id.description.lowercased()) == id)
            #expect(TimeOrderedID(bytes: id.bytes) == id)
            #expect(id.description.utf8.count == 26 && id.bytes.count == 16)
            #expect(previous < id)
            #expect(previous.description < id.description)
            #expect(previous.bytes.lexicographicallyPrecedes(id.bytes))
            previous = id
        }
        #expect(TimeOrderedID(high: .max, low: .max).description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
        #expect(TimeOrderedID(high: 1, low: 2) < TimeOrderedID(high: 1, low: 3))
    }

    @Test(
        "Other texts and other lengths are no identifiers",
        arguments: [
            "", "0", "80000000000000000000000000", "0000000000000000000000000I", "0000000000000000000000000L",
            "0000000000000000000000000O", "0000000000000000000000000U", "000000000000000000000000000",
            "0000000000000000000000000-", "000000000000000000000000é",
        ]
    )
    func refuses(_ text: String) {
        #expect(TimeOrderedID(text) == nil)
        #expect(TimeOrderedID(bytes: Array(text.utf8)) == nil)
    }

    @Test("An identifier is a string in JSON")
    func codable() throws {
        let id = TimeOrderedID(high: 7, low: 9)
        let data = try JSONEncoder().encode([id])
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(id)\"]")
        #expect(try JSONDecoder().decode([TimeOrderedID].self, from: data) == [id])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([TimeOrderedID].self, from: Data("[\"x\"]".utf8))
        }
    }
}
