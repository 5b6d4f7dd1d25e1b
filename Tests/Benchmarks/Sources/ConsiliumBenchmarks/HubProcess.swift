import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A hub of the benchmark's own: a throwaway home, the real binaries, free ports on loopback.
final class HubProcess {
    let home: String
    private let binaries: String
    private var process: Process?
    private var endpoints: [String: String] = [:]

    init(binaries: String, home: String) {
        self.binaries = binaries
        self.home = home
    }

    var identifier: Int32 { process?.processIdentifier ?? 0 }
    var database: String { home + "/data/ledger.db" }

    /// Makes the home; gives the administrator's token.
    func initialise(office: String) throws -> String {
        let ports = try (0..<4).map { _ in try Self.freePort() }
        let arguments =
            ["init", "--home", home, "--network", "bench", "--host", "127.0.0.1", "--listen", "127.0.0.1"]
            + ["--office", office, "--office-telephone", "010-00000000"]
            + zip(["api", "console", "mllp", "ops"], ports).flatMap { ["--\($0)-port", "\($1)"] }
        return try Command.token(in: Command.run(binaries + "/consiliumd", arguments))
    }

    /// Starts the hub and returns when its listeners are bound.
    func serve() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binaries + "/consiliumd")
        process.arguments = ["serve", "--home", home, "--log-level", "notice"]
        let log = home + "/serve.log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardInput = FileHandle.nullDevice
        // The hub logs "ready" once the file is written, and its output ends with it: each is looked at as it comes.
        let output = Pipe()
        let spoke = DispatchSemaphore(value: 0)
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            try? file.write(contentsOf: data)
            spoke.signal()
        }
        process.standardOutput = output
        process.standardError = output
        let endpoints = home + "/run/endpoints.json"
        try? FileManager.default.removeItem(atPath: endpoints)
        try process.run()
        self.process = process
        let deadline = DispatchTime.now() + .seconds(60)
        while spoke.wait(timeout: deadline) == .success {
            if let data = FileManager.default.contents(atPath: endpoints),
                let found = try? JSONDecoder().decode([String: String].self, from: data)
            {
                self.endpoints = found
                return
            }
            guard output.fileHandleForReading.readabilityHandler != nil else {
                throw BenchmarkError("the hub ended; see \(log)")
            }
        }
        throw BenchmarkError("the hub did not say that it is ready; see \(log)")
    }

    func stop() {
        guard let process, process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
        self.process = nil
    }

    func port(_ listener: String) -> Int {
        Int(endpoints[listener]?.split(separator: ":").last ?? "") ?? 0
    }

    /// CPU and commits of this moment.
    func sample() throws -> HubSample {
        let metrics = try Self.get(port: port("ops"), "/metrics")
        func counter(_ name: String) throws -> Int {
            for line in metrics.split(separator: "\n") where line.hasPrefix(name + " ") {
                if let value = Int(line.dropFirst(name.count + 1)) { return value }
            }
            throw BenchmarkError("the hub's metrics have no \(name)")
        }
        return HubSample(
            cpu: try ProcessFigures.cpuSeconds(of: identifier),
            driverCPU: try ProcessFigures.cpuSeconds(of: getpid()),
            commits: try counter("consilium_ledger_commits_total"),
            inputs: try counter("consilium_ledger_inputs_total"),
            refusals: try counter("consilium_ledger_refusals_total")
        )
    }

    /// Resident memory in MiB.
    func resident() throws -> Double { try ProcessFigures.residentMiB(of: identifier) }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
            }
        }
        guard result == 0 else { throw BenchmarkError("no free port on loopback") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// One plain HTTP/1.1 request to the ops listener.
    private static func get(port: Int, _ path: String) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw BenchmarkError("the ops listener does not answer on port \(port)") }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        guard write(descriptor, request, request.count) == request.count else {
            throw BenchmarkError("the ops listener takes no request")
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count <= 0 { break }
            answer.append(contentsOf: buffer[..<count])
        }
        return String(decoding: answer, as: UTF8.self)
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}

/// Counters of the hub and of this process at one moment.
struct HubSample {
    var cpu: Double
    var driverCPU: Double
    var commits: Int
    var inputs: Int
    var refusals: Int
}
