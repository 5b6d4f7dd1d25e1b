import ConsiliumAdapters
import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("Acknowledged means synced")
    struct Syncs {
        @Test("Each positive acknowledgement follows a completed sync of its commit")
        func order() async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let connection = try await town.connectMLLP()
                _ = try await connection.send(Messages.gb18030(Messages.referral(Messages.Request("O-0"))))
                let delay = Duration.milliseconds(300)
                // A sync that takes 300 ms to return: no acknowledgement may come before it has.
                guard
                    let tracer = try await Tracer.attach(
                        to: network.hub,
                        ["-y", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:delay_exit=300000"]
                    )
                else { return }
                for number in 1...5 {
                    let start = ContinuousClock.now
                    let reply = try await connection.send(
                        Messages.gb18030(Messages.referral(Messages.Request("O-\(number)")))
                    )
                    #expect(HL7v2Acknowledgement(reply)?.code == .applicationAccept)
                    #expect(ContinuousClock.now - start >= delay, "acknowledged before the sync was over")
                }
                for number in 1...3 {
                    let start = ContinuousClock.now
                    var request = Messages.Request("OH-\(number)")
                    request.facility = "CITY"
                    let answer = try await network[.cityEngine].request("POST", "/fhir", Messages.bundle(request))
                    #expect(answer.isSuccess)
                    #expect(ContinuousClock.now - start >= delay, "acknowledged before the sync was over")
                }
                await connection.close()
                let trace = try await tracer.detach()
                let syncs = trace.split(separator: "\n")
                    .filter { $0.contains("ledger.db-wal>) ") || $0.contains("= 0 (DELAYED)") }
                #expect(syncs.count >= 8, "\(trace.suffix(1_000))")
            }
        }

        @Test("With the sync failing nothing is acknowledged; after a restart nothing acknowledged is missing")
        func failingSync() async throws {
            try await fault("E", ["-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO"])
        }

        @Test("With the disk full nothing is acknowledged; after a restart nothing acknowledged is missing")
        func fullDisk() async throws {
            try await fault("N", ["-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC"])
        }

        private func fault(_ prefix: String, _ injection: [String]) async throws {
            try await HospitalNetwork.run { network in
                let town = try network[.townEngine]
                let city = try network[.cityEngine]
                var acknowledged: [String: String] = [:]
                for number in 1...20 {
                    acknowledged["\(prefix)-\(number)"] = try await Book.mllp("\(prefix)-\(number)", town)
                }
                guard let tracer = try await Tracer.attach(to: network.hub, injection) else { return }
                var refused: [String] = []
                for number in 21...30 {
                    let name = "\(prefix)-\(number)"
                    refused.append(name)
                    let message = try Messages.gb18030(Messages.referral(Messages.Request(name)))
                    if let sent = try? await town.mllp(message) {
                        #expect(!sent.acknowledgement.code.isPositive, "\(name) was acknowledged by MLLP")
                    }
                    var request = Messages.Request("\(name)-H")
                    request.facility = "CITY"
                    if let answer = try? await city.request("POST", "/fhir", Messages.bundle(request)) {
                        #expect(!answer.isSuccess, "\(name) was acknowledged by HTTP")
                        #expect(answer.status == 503 || answer.status == 507, "\(answer.status) \(answer.text)")
                    }
                }
                let trace = try await tracer.detach()
                #expect(trace.contains("(INJECTED)"), "no fault was met: \(trace.suffix(500))")

                try await network.crash()
                for (number, caseID) in acknowledged {
                    #expect(try await network.cases(numbered: number) == [caseID])
                }
                // What was refused is sent again and becomes one case.
                for number in refused {
                    let caseID = try await Book.mllp(number, try network[.townEngine])
                    #expect(try await network.cases(numbered: number) == [caseID])
                }
                await network.hub.kill()
                let rebuilt = try await network.hub.command("rebuild")
                #expect(rebuilt.output.contains("as before"), "\(rebuilt.text)")
            }
        }
    }
}

/// `strace` attached to a running hub; detached again it leaves the hub as it was.
struct Tracer {
    private let child: Child
    private let file: String

    /// Nil, with a notice, where strace is not installed or may not trace.
    static func attach(to hub: HubProcess, _ arguments: [String]) async throws -> Tracer? {
        guard let strace = Program.installed("strace") else {
            Program.notice("strace is not installed; what needs it is left out")
            return nil
        }
        guard let pid = hub.child?.pid else { throw Broken("the hub does not run") }
        let file = hub.folder.path("trace-\(UUID().uuidString)")
        let said = file + ".err"
        let child = try Child(
            strace,
            ["-f", "-p", "\(pid)", "-o", file] + arguments,
            output: file + ".out",
            errors: said
        )
        let isAttached = try await eventually("strace", in: hub.changing) { () -> Bool? in
            let text = String(decoding: FileManager.default.contents(atPath: said) ?? Data(), as: UTF8.self)
            if text.contains("attached") { return true }
            return child.isRunning ? nil : false
        }
        guard isAttached else {
            Program.notice("strace may not trace here; what needs it is left out")
            return nil
        }
        return Tracer(child: child, file: file)
    }

    /// Ends strace and gives what it wrote. Only SIGKILL reaches it: a child of a test's thread starts with every signal
    /// blocked. The kernel then lets the hub run on.
    func detach() async throws -> String {
        child.signal(SIGKILL)
        _ = await child.ended()
        return String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    }
}
