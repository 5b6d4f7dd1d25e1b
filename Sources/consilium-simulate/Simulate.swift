import ConsiliumLedger
import Foundation

/// `consilium-simulate --seeds N [--first N]`: plays a small network N times, each seed twice, the second time in
/// another process, so that nothing that differs between processes can reach the ledger's bytes.
///
/// `consilium-simulate --province CASES`: generates a year of that many marked cases and checks what auditors pull.
@main
enum Simulate {
    static func main() {
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            let folder = try temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: folder) }
            if let printed = arguments.printed {
                for line in try ProvincePrint(reading: printed).digests(.events) { print(line) }
                return
            }
            if let cases = arguments.province {
                let began = DispatchTime.now()
                print(try ProvinceCheck(cases: cases, below: folder).run())
                print(String(format: "%.1f s", Self.seconds(since: began)))
                return
            }
            guard !arguments.isSecond else {
                for seed in arguments.seeds { print(seed, try Run.play(seed: seed, below: folder).digest) }
                return
            }
            try compare(arguments, below: folder)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    /// Plays the seeds here and in a second process at the same time, and compares the ledgers' bytes.
    private static func compare(_ arguments: Arguments, below folder: String) throws {
        let began = DispatchTime.now()
        let second = Process()
        second.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        second.arguments = arguments.forSecond
        let pipe = Pipe()
        second.standardOutput = pipe
        try second.run()
        var digests: [String] = []
        var total = Tally()
        for seed in arguments.seeds {
            do {
                let outcome = try Run.play(seed: seed, below: folder)
                digests.append("\(seed) \(outcome.digest)")
                total += outcome.tally
            } catch {
                second.terminate()
                throw Fault("seed \(seed): \(error)\nagain with: consilium-simulate --first \(seed) --seeds 1")
            }
        }
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        second.waitUntilExit()
        let others = String(decoding: data, as: UTF8.self).split(separator: "\n").map { String($0) }
        for (index, digest) in digests.enumerated() where index >= others.count || others[index] != digest {
            let other = index < others.count ? others[index] : "nothing"
            throw Fault("the same seed gave other bytes in another process:\n  \(digest)\n  \(other)")
        }
        let seconds = seconds(since: began)
        let rate = Double(digests.count * 2) / seconds
        let types = total.types.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print(
            """
            \(digests.count) seeds, each twice with identical bytes: \(total.events) records of \(total.cases) cases
            \(total.steps) commits, \(total.inputs) inputs, \(total.accepted) accepted, \(total.refused) refused
            \(total.crashes) crashes (\(total.torn) while writing), \(total.repliesLost) answers lost, \
            \(total.deliveries) deliveries
            events: \(types.joined(separator: ", "))
            \(String(format: "%.1f s, %.1f seeds/s", seconds, rate))
            """
        )
    }

    private static func seconds(since began: DispatchTime) -> Double {
        Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) / 1e9
    }

    /// In memory where the system has such a place: what is tested here is order, not the disk.
    private static func temporaryFolder() throws -> String {
        let shared = "/dev/shm"
        let base = FileManager.default.isWritableFile(atPath: shared) ? shared : NSTemporaryDirectory()
        let folder = "\(base)/consilium-simulate-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// The command line.
struct Arguments {
    var first: UInt64 = 1
    var count: UInt64 = 200
    /// The second process prints digests and compares nothing.
    var isSecond = false
    /// So many cases of a generated year instead.
    var province: Int?
    /// In the other process: the folder of the year whose digests are printed.
    var printed: String?

    var seeds: Range<UInt64> { first..<(first + count) }
    var forSecond: [String] { ["--first", "\(first)", "--seeds", "\(count)", "--second"] }

    init(_ words: some Sequence<String>) throws {
        var words = Array(words)
        while !words.isEmpty {
            let word = words.removeFirst()
            switch word {
            case "--second": isSecond = true
            case "--print":
                guard !words.isEmpty else { throw Fault("--print needs a folder") }
                printed = words.removeFirst()
            case "--seeds", "--first", "--province":
                guard let value = words.first.flatMap({ UInt64($0) }) else { throw Fault("\(word) needs a number") }
                words.removeFirst()
                switch word {
                case "--seeds": count = value
                case "--first": first = value
                default: province = Int(value)
                }
            default: throw Fault("usage: consilium-simulate [--seeds 200] [--first 1] | --province 10000")
            }
        }
    }
}
