import ConsiliumAdapters
import ConsiliumCore
import ConsiliumTransport
import Foundation
import Synchronization
import Testing

extension SystemTests {
    @Suite("Killed under load")
    struct Crashes {
        static let kills = 50

        @Test(
            "Killed 50 times under load: nothing acknowledged is lost, nothing applied twice, resent or offered again"
        )
        func kills() async throws {
            try await HospitalNetwork.run { network in
                let settled = try await settledDeliveries(network, acknowledged: 100, pending: 10)
                let book = Book()
                var random = SystemRandomNumberGenerator()
                for round in 0..<Self.kills {
                    try await load(network, book, round, until: book.count + Int.random(in: 3...20, using: &random))
                    try await network.serveAgain()
                    try await check(network, book, round)
                    try await settled.check(network, withOffers: round % 10 == 9)
                }
                try await book.expectAll(network)

                // The projections that the hub kept are those that a rebuild makes of its events.
                await network.hub.kill()
                let rebuilt = try await network.hub.command("rebuild")
                #expect(rebuilt.status == 0, "\(rebuilt.text)")
                #expect(rebuilt.output.contains("as before"), "\(rebuilt.output)")
                #expect(try network.hub.count("cases") == 110 + book.count)
                #expect(try network.hub.count("deliveries") == 110)
                #expect(try network.hub.count("delivery_outcomes") == 100)
                try await network.serveAgain()
                try await settled.check(network)
            }
        }

        /// Cases whose invitation goes to an HL7 v2 site: some of the messages acknowledged, the others fetched once.
        private func settledDeliveries(
            _ network: HospitalNetwork,
            acknowledged: Int,
            pending: Int
        ) async throws -> Settled {
            let town = try network[.townEngine]
            let connection = try await town.connectMLLP()
            for number in 0..<(acknowledged + pending) {
                var request = Messages.Request("S-\(number)")
                request.department = "0301"
                let reply = try await connection.send(Messages.gb18030(Messages.referral(request)))
                guard HL7v2Acknowledgement(reply)?.code == .applicationAccept else { throw Broken("S-\(number)") }
            }
            await connection.close()
            var settled = Settled()
            let county = try network[.countyEngine]
            while settled.acknowledged.count < acknowledged {
                let list = try await Settled.list(county)
                guard !list.isEmpty else { throw Broken("\(settled.acknowledged.count) deliveries only") }
                for delivery in list.prefix(acknowledged - settled.acknowledged.count) {
                    let bytes = try await county.request("GET", "/exchange/deliveries/\(delivery.id)").body
                    let control = HL7v2Adapter.header(of: bytes, profile: ExchangeProfile(format: .hl7v2)).controlID
                    let answer = try await county.request(
                        "POST",
                        "/exchange/deliveries/\(delivery.id)/ack",
                        bytes: Messages.acknowledgement(of: control)
                    )
                    guard answer.status == 204 else { throw Broken("acknowledging: \(answer.status) \(answer.text)") }
                    settled.acknowledged.insert(delivery.id)
                }
            }
            for delivery in try await Settled.list(county) {
                settled.pending.append(delivery.id)
                settled.bytes[delivery.id] = try await county.request("GET", "/exchange/deliveries/\(delivery.id)").body
            }
            #expect(settled.pending.count == pending)
            settled.offers = try await Settled.offers(network)
            return settled
        }

        /// Three submitters by HTTP and two by MLLP, until `target` acknowledgements are in; then the hub is killed.
        private func load(_ network: HospitalNetwork, _ book: Book, _ round: Int, until target: Int) async throws {
            let city = try network[.cityEngine]
            let town = try network[.townEngine]
            await withTaskGroup(of: Void.self) { group in
                for sender in 0..<3 {
                    group.addTask { await book.submitByHTTP(as: city, prefix: "H-\(round)-\(sender)") }
                }
                for sender in 0..<2 {
                    group.addTask { await book.submitByMLLP(as: town, prefix: "L-\(round)-\(sender)") }
                }
                _ = try? await eventually("acknowledgements", in: network.hub.changing, seconds: 20) {
                    book.count >= target ? true : nil
                }
                await network.hub.kill()
            }
            #expect(book.count >= target, "no load in round \(round)")
        }

        /// What was acknowledged in this round is there, once; what was not is sent again, as a sender would.
        private func check(_ network: HospitalNetwork, _ book: Book, _ round: Int) async throws {
            for (number, entry) in book.take() {
                let member = try network[entry.isHTTP ? .cityEngine : .townEngine]
                let found = try await network.cases(
                    numbered: number,
                    for: entry.isHTTP ? .cityEngine : .townEngine
                )
                if let caseID = entry.caseID {
                    #expect(found == [caseID], "round \(round), \(number): \(found)")
                } else {
                    #expect(found.count <= 1, "round \(round), \(number): \(found)")
                }
                guard entry.caseID == nil else { continue }
                let again = entry.isHTTP ? try await Book.http(number, member) : try await Book.mllp(number, member)
                #expect(found.isEmpty || found == [again], "round \(round), \(number): \(found), \(again)")
                book.enter(number, isHTTP: entry.isHTTP, again)
            }
            _ = book.take()
        }
    }
}

/// The deliveries and offers that no restart may touch.
struct Settled {
    struct Delivery {
        var id: String
        var control: String?
    }

    var acknowledged: Set<String> = []
    var pending: [String] = []
    var bytes: [String: [UInt8]] = [:]
    var offers: [String: [String]] = [:]

    /// - Parameters:
    ///   - wait: seconds for which the hub holds its answer back when nothing is due yet.
    static func list(_ member: Member, wait: Int = 0) async throws -> [Delivery] {
        try await member.json("GET", "/exchange/deliveries?wait=\(wait)")["deliveries"].items
            .compactMap { item in
                item["id"].string.map { Delivery(id: $0, control: item["controlID"].string) }
            }
    }

    /// The offers of each case to the HL7 v2 site: where and in which state. Their leases may grow by the time in which
    /// no hub served.
    static func offers(_ network: HospitalNetwork) async throws -> [String: [String]] {
        let queue = try await network[.townEngine].json("GET", "/network/queue")
        return queue.items.filter { $0["department"].string == "0301" }
            .reduce(into: [:]) { found, row in
                found[row["case"].string ?? ""] = row["offers"].items
                    .map {
                        "\($0["site"].string ?? "") \($0["state"].string ?? "")"
                    }
            }
    }

    /// - `withOffers`: the queue is asked for too, which grows with every case.
    func check(_ network: HospitalNetwork, withOffers: Bool = true) async throws {
        let county = try network[.countyEngine]
        let now = try await Self.list(county)
        #expect(now.map(\.id) == pending)
        if withOffers { #expect(try await Self.offers(network) == offers, "offers have changed") }
        for delivery in now {
            let body = try await county.request("GET", "/exchange/deliveries/\(delivery.id)").body
            #expect(body == bytes[delivery.id], "the bytes of \(delivery.id) have changed")
        }
    }
}

/// What the senders know: which number was acknowledged as which case, and which went unanswered.
final class Book: Sendable {
    struct Entry: Sendable {
        var isHTTP: Bool
        var caseID: String?
    }

    private struct State {
        var count = 0
        var recent: [String: Entry] = [:]
        var all: [String: Entry] = [:]
    }

    private let state = Mutex(State())

    /// Numbers acknowledged so far.
    var count: Int { state.withLock { $0.count } }

    func enter(_ number: String, isHTTP: Bool, _ caseID: String?) {
        let entry = Entry(isHTTP: isHTTP, caseID: caseID)
        state.withLock { state in
            state.recent[number] = entry
            state.all[number] = entry
            if caseID != nil { state.count += 1 }
        }
    }

    /// What was entered since the last time.
    func take() -> [String: Entry] {
        state.withLock { state in
            defer { state.recent = [:] }
            return state.recent
        }
    }

    /// Submits one number after another until the hub is gone.
    func submitByHTTP(as member: Member, prefix: String) async {
        for number in 0..<2_000 {
            let number = "\(prefix)-\(number)"
            do {
                enter(number, isHTTP: true, try await Self.http(number, member))
            } catch {
                return enter(number, isHTTP: true, nil)
            }
        }
    }

    func submitByMLLP(as member: Member, prefix: String) async {
        guard let connection = try? await member.connectMLLP() else { return }
        for number in 0..<2_000 {
            let number = "\(prefix)-\(number)"
            do {
                enter(number, isHTTP: false, try await Self.mllp(number, over: connection))
            } catch {
                enter(number, isHTTP: false, nil)
                break
            }
        }
        await connection.close()
    }

    static func http(_ number: String, _ member: Member) async throws -> String {
        var request = Messages.Request(number)
        request.facility = member.site
        let answer = try await member.request("POST", "/fhir", Messages.bundle(request))
        guard answer.isSuccess, let caseID = answer.header("Consilium-Case") else {
            throw Broken("\(answer.status) \(answer.text.prefix(200))")
        }
        return caseID
    }

    static func mllp(_ number: String, _ member: Member) async throws -> String {
        let connection = try await member.connectMLLP()
        do {
            let caseID = try await mllp(number, over: connection)
            await connection.close()
            return caseID
        } catch {
            await connection.close()
            throw error
        }
    }

    static func mllp(_ number: String, over connection: MLLPClient) async throws -> String {
        let reply = try await connection.send(Messages.gb18030(Messages.referral(Messages.Request(number))))
        guard let answer = HL7v2Acknowledgement(reply), answer.code.isPositive,
            let caseID = answer.text.split(separator: " ").last
        else { throw Broken("not accepted") }
        return String(caseID)
    }

    /// Every number of the whole run is one case still, and no two numbers share one.
    func expectAll(_ network: HospitalNetwork) async throws {
        let all = state.withLock { $0.all }
        var cases: Set<String> = []
        for (number, entry) in all {
            let found = try await network.cases(numbered: number, for: entry.isHTTP ? .cityEngine : .townEngine)
            #expect(found.count == 1 && found.first == entry.caseID, "\(number)")
            cases.formUnion(found)
        }
        #expect(cases.count == all.count)
        print("killed \(SystemTests.Crashes.kills) times: \(all.count) submissions acknowledged, each one case")
    }
}
