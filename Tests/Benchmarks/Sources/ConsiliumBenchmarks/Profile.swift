import Foundation

/// Where the hub's CPU time goes, by sampling the call stacks of all its threads under load (`perf`, Linux).
///
/// A sample counts for the innermost step that its stack names. Libraries that were built without frame pointers cut
/// stacks short; such samples count by library.
enum Profile {
    struct Step: Codable {
        var name: String
        /// CPU microseconds for one submission.
        var microseconds: Double
    }

    /// Parts of symbols, innermost first match wins; the order decides within one frame.
    private static let marks: [(step: String, parts: [String])] = [
        ("WAL sync", ["sys_fdatasync", "do_fsync"]),
        ("WAL and file writes", ["sys_pwrite64", "sys_pread64"]),
        (
            "sockets, in the kernel",
            ["sys_writev", "sys_sendmsg", "sys_sendto", "sys_recv", "sys_epoll", "sys_read", "sys_write"]
        ),
        ("waking and switching threads", ["sys_futex", "__schedule"]),
        ("random bytes", ["getrandom", "getentropy"]),
        ("TLS", ["6NIOSSL", "CNIOBoringSSL"]),
        ("HTTP parsing and writing", ["8NIOHTTP1", "nio_llhttp", "12NIOHTTPTypes"]),
        ("JSON index", ["12JSONDocument", "11JSONScanner"]),
        ("FHIR to elements", ["17ApplicationReader", "11FHIRAdapterO6bundle", "10FHIRBundle", "decodeBundle"]),
        ("charset", ["5Iconv", "17ConsiliumAdapters7Charset", "16CharsetDetection"]),
        ("HL7 v2 to elements", ["14ReferralReader", "12HL7v2AdapterO6decode", "10ER7Message", "10ER7Segment"]),
        ("answer", ["19transactionResponse", "HL7v2AdapterO11acknowledge", "9ER7Writer"]),
        (
            "keyed digests",
            ["6IntakeV7digests", "6IntakeV7content", "6IntakeV10normalised", "11KeyedDigest", "10blindIndex"]
        ),
        (
            "sealing",
            ["6IntakeV4seal", "10SealedBlob", "6SealerO", "10MasterKeysV4wrap", "11ChunkCipher", "11BlobEncoder"]
        ),
        ("payload encoding", ["13ConsiliumCore7PayloadV"]),
        ("facts, rest of preparation", ["16ApplicationFactsV_2of", "6IntakeV7prepare"]),
        ("records: encoding, hash", ["12RecordHeaderV6encode", "5EventO5write", "8leafHash"]),
        (
            "decide, route, queue",
            ["12ConsultationV6decide", "12ConsultationV6evolve", "8DecidingV", "13ConsiliumCore6RouterV"]
        ),
        ("SQL: binding, stepping", ["16SQLiteConnection", "sqlite3"]),
        ("ledger, rest", ["11TransactionV", "9ProjectorV", "15ConsiliumLedger0B0C4step", "13LedgerService"]),
        ("HTTP server, router, tasks", ["11Hummingbird", "15HummingbirdCore", "10consiliumd", "swift_job_run"]),
        ("event loops", ["8NIOPosix", "7NIOCore"]),
    ]

    /// Samples the hub for some seconds; nil without `perf`, or where the system does not allow it.
    static func record(process: Int32, seconds: Double, file: String) -> [[Frame]]? {
        let record = ["perf", "record", "-q", "-F", "999", "-g", "-p", "\(process)", "-o", file]
        guard (try? Command.run("/usr/bin/env", record + ["--", "sleep", "\(seconds)"])) != nil,
            let text = try? Command.run("/usr/bin/env", ["perf", "script", "-i", file, "-F", "tid,ip,sym,dso"])
        else { return nil }
        return samples(text)
    }

    struct Frame {
        var symbol: String
        var library: String
    }

    /// Stacks, innermost frame first. A line is `ADDRESS SYMBOL (LIBRARY)`; an empty line ends a stack.
    private static func samples(_ text: String) -> [[Frame]] {
        var samples: [[Frame]] = []
        var stack: [Frame] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if words.isEmpty {
                if !stack.isEmpty { samples.append(stack) }
                stack = []
            } else if words.count >= 3, let library = words.last, library.hasPrefix("(") {
                stack.append(
                    Frame(symbol: words[1..<(words.count - 1)].joined(separator: " "), library: String(library))
                )
            }
        }
        if !stack.isEmpty { samples.append(stack) }
        return samples
    }

    /// Shares of the samples, as microseconds of `each`, largest first.
    static func steps(_ samples: [[Frame]], each microseconds: Double) -> [Step] {
        var counts: [String: Int] = [:]
        for sample in samples { counts[step(of: sample), default: 0] += 1 }
        return
            counts.map { name, count in
                Step(name: name, microseconds: microseconds * Double(count) / Double(max(1, samples.count)))
            }
            .sorted { $0.microseconds > $1.microseconds }
    }

    private static func step(of stack: [Frame]) -> String {
        for frame in stack {
            if frame.library.contains("libsqlite3") { return "SQL: inside SQLite" }
            for (step, parts) in marks where parts.contains(where: { frame.symbol.contains($0) }) { return step }
        }
        let library = stack.first?.library ?? ""
        if library.contains("kernel") { return "kernel, not attributed" }
        if library.contains("libc") { return "memory, not attributed" }
        return "not attributed"
    }
}
