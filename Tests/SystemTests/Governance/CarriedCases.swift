import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport
import Foundation

/// The months and quarters around the machine's day, as the hub counts them.
struct Periods {
    let today: CivilDay

    init() {
        let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        today = CivilDay(now, offsetMinutes: 480)
    }

    var year: String { String(today.description.prefix(4)) }
    var month: String { today.month }

    var quarter: String {
        let month = Int(today.month.suffix(2)) ?? 1
        return "\(year)-Q\((month + 2) / 3)"
    }

    /// The first day of the month so many after this one.
    func firstDay(monthsAhead: Int) -> CivilDay {
        var day = today
        for _ in 0..<monthsAhead {
            let month = day.month
            while day.month == month { day = CivilDay(number: day.number + 1) }
        }
        return day
    }

    /// The month so many before this one.
    func month(before count: Int) -> String {
        var day = today
        for _ in 0..<count {
            let month = day.month
            while day.month == month { day = CivilDay(number: day.number - 1) }
        }
        return day.month
    }
}

/// Five cases of the township, each brought to an end of its own.
///
/// HZ-1 is reported and closed; HZ-2 is accepted; HZ-3 is declined by the one site that could; HZ-4 is
/// cancelled; HZ-5 waits for an answer.
struct CarriedCases {
    static let numbers = (1...5).map { "HZ-\($0)" }
    /// Case identifiers by request number.
    private(set) var ids: [String: String] = [:]

    subscript(number: String) -> String { ids[number] ?? "" }

    init(in network: HospitalNetwork, numbers: [String] = CarriedCases.numbers) async throws {
        let town = try network[.townEngine]
        for number in numbers {
            let request = Self.request(number)
            let sent = try await town.mllp(Messages.gb18030(Messages.referral(request)))
            guard sent.acknowledgement.code == .applicationAccept,
                let id = try await network.cases(numbered: number).first
            else { throw Broken("\(number) was not taken: \(sent.acknowledgement.errors)") }
            ids[number] = id
        }
        let national = try network[.nationalEngine]
        let offers = try await national.json("GET", "/fhir/Task?owner=me&status=requested&_count=50")["entry"].items
            .map { $0["resource"] }
        func offer(of number: String) throws -> JSON {
            guard let id = ids[number],
                let found = offers.first(where: { $0["focus"]["reference"].string == "ServiceRequest/\(id)" })
            else {
                throw Broken(
                    "no offer of \(number) among \(offers.map { $0["focus"]["reference"].string ?? "" }): \(ids)"
                )
            }
            return found
        }
        let accepted = try await Acts.put(try offer(of: numbers[0]), status: "accepted", by: national)
        let started = try await Acts.put(accepted, status: "in-progress", by: national)
        try await Acts.report(started, of: self[numbers[0]], opinion: "同意目前处理，建议冠脉造影。", by: national)
        try await Acts.put(try offer(of: numbers[1]), status: "accepted", by: national)
        try await act(#"{"act":"decline","reason":"no-capacity"}"#, on: numbers[2], by: national)
        let doctor = try network[.townDoctor]
        try await act(#"{"act":"close","decision":"adopted","rating":5}"#, on: numbers[0], by: doctor)
        try await act(#"{"act":"cancel","reason":"resolved"}"#, on: numbers[3], by: doctor)
    }

    /// Each of a patient of its own: two requests for one patient would wait to be told apart.
    private static func request(_ number: String) -> Messages.Request {
        var request = Messages.Request(number)
        let digit = String(number.suffix(1))
        request.record = "LX00012" + digit
        request.identity = "42112519581103001" + digit
        return request
    }

    private func act(_ body: String, on number: String, by member: Member) async throws {
        _ = try await member.json("POST", "/network/cases/\(self[number])/acts", body)
    }

    /// What no auditor may be shown of them.
    var secrets: [String] {
        let requests = ids.keys.sorted().map(Self.request)
        return requests.flatMap { [$0.number, $0.record, $0.identity] } + ids.values.sorted() + [
            Messages.Request("").name, "王秀兰", "王^秀兰", "0713-5550123", "东街9号", "活动后胸闷",
            "冠脉造影", "TY-2026-0031", "顾怀瑾", "111010500010066", "1958-11-03", "19581103",
        ]
    }
}
