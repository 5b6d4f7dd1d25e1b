import Foundation

/// An enrolled profile of the client, used as a person at a terminal uses it.
struct ClientProfile: Sendable {
    let principal: String
    let folder: TemporaryFolder

    init(_ principal: String, _ roles: [String], in network: HospitalNetwork, by inviter: Member? = nil) async throws {
        self.principal = principal
        folder = try TemporaryFolder("profile")
        let token = try await network.invite(principal, roles, by: inviter)
        let ended = try await run(["enroll", "--no-passphrase", token])
        guard ended.status == 0 else { throw Broken("enroll \(principal): \(ended.text)") }
    }

    /// An auditor of a member site: invited by its administrator without a role, granted it by the network's.
    static func auditor(_ principal: String, in network: HospitalNetwork) async throws -> ClientProfile {
        let site = String(principal.prefix { $0 != "/" })
        let profile = try await ClientProfile(principal, [], in: network, by: network.boss(site))
        _ = try await network[.administrator]
            .json("POST", "/network/members/\(principal)/roles", #"{"role":"auditor","grant":true}"#)
        return profile
    }

    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Program.Ended {
        let own = ["CONSILIUM_HOME": folder.path("profile"), "LANG": "C.UTF-8", "NO_COLOR": "1"]
        return try await Program.run(
            Program.client,
            arguments,
            environment: own.merging(environment) { _, given in given },
            seconds: 120
        )
    }

    func callAsFunction(_ arguments: String...) async throws -> Program.Ended { try await run(arguments) }

    /// What a command prints that must succeed.
    func good(_ arguments: String..., environment: [String: String] = [:]) async throws -> String {
        let ended = try await run(arguments, environment: environment)
        guard ended.status == 0 else { throw Broken("\(principal) \(arguments): \(ended.status) \(ended.text)") }
        return ended.output
    }

    /// The same with `-o json`.
    func json(_ arguments: String..., environment: [String: String] = [:]) async throws -> JSON {
        let ended = try await run(arguments + ["-o", "json"], environment: environment)
        guard ended.status == 0 else { throw Broken("\(principal) \(arguments): \(ended.status) \(ended.text)") }
        return try JSON(Array(ended.output.utf8))
    }

    /// Follows a hub that serves on other ports than when this was enrolled.
    func follow(_ endpoints: Endpoints) throws {
        let path = folder.path("profile/profile.json")
        let profile = try JSON(Array(FileManager.default.contents(atPath: path) ?? Data()))
            .with("api", .string("127.0.0.1:\(endpoints.api)"))
            .with("console", .string("127.0.0.1:\(endpoints.console)"))
            .with("mllp", .string("127.0.0.1:\(endpoints.mllp)"))
        try profile.text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    func remove() { folder.remove() }
}

/// Text that stands in a file.
func contents(_ path: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path) ?? Data()) }
