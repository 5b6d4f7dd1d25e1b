import ConsiliumTransport
import Foundation
import Testing

extension SystemTests {
    @Suite("The client against a hub")
    struct Client {
        private static let form = """
            patient:
              name: 张珅
              sex: 男
              birthDate: 1958-11-03
              medicalRecordNumber: LX000123
            request:
              number: F-1
              priority: routine
              wantedDepartment: 0304
              summary: 活动后胸闷两周。
              reason: 胸闷待查
              purpose: 是否需要冠脉造影。
              diagnosisName: 不稳定型心绞痛
            requester:
              doctor: 王秀兰
              departmentText: 全科门诊
              institution: 柳溪镇卫生院
            """

        @Test("A submission says what its case waits for, that it was cancelled, and how many files wait here")
        func submission() async throws {
            try await HospitalNetwork.run { network in
                let folder = try TemporaryFolder("client")
                defer { folder.remove() }
                let environment = ["CONSILIUM_HOME": folder.path("profile"), "LANG": "C.UTF-8", "NO_COLOR": "1"]
                let token = try await network.invite("TOWN/node/cli", ["requester"], by: network[.townAdministrator])
                func client(_ arguments: String...) async throws -> Program.Ended {
                    try await Program.run(Program.client, arguments, environment: environment)
                }
                let enrolled = try await client("enroll", "--no-passphrase", token)
                #expect(enrolled.status == 0, "\(enrolled.text)")
                let file = folder.path("form.yaml")
                try Self.form.write(toFile: file, atomically: true, encoding: .utf8)

                let sent = try await client("submit", file)
                #expect(sent.status == 0, "\(sent.text)")
                let caseID = try #require(try await network.cases(numbered: "F-1").first)
                #expect(sent.text.contains("accepted, waiting for information: consent"), "\(sent.text)")
                #expect(sent.text.contains("consilium show \(caseID)"), "\(sent.text)")

                let shown = try await Program.run(
                    "/bin/sh",
                    ["-c", "exec \"$0\" show \(caseID) -o json > /dev/full", Program.client],
                    environment: environment
                )
                #expect(shown.status == 1, "\(shown.text)")
                #expect(shown.errors.split(separator: "\n").count == 1, "\(shown.errors)")

                let act = #"{"act":"cancel","reason":"resolved"}"#
                _ = try await network[.townDoctor].json("POST", "/network/cases/\(caseID)/acts", act)
                let again = try await client("submit", file)
                #expect(again.status == 0, "\(again.text)")
                #expect(again.text.contains("already-received, cancelled"), "\(again.text)")

                await network.hub.kill()
                let other = folder.path("other.yaml")
                try Self.form.replacing("F-1", with: "F-2").write(toFile: other, atomically: true, encoding: .utf8)
                for _ in 1...2 {
                    let kept = try await client("submit", other)
                    #expect(kept.status == 5, "\(kept.text)")
                }
                let waiting = try await client("submit")
                #expect(waiting.status == 3, "\(waiting.text)")
                #expect(waiting.text.contains("2 kept here"), "\(waiting.text)")
                #expect(waiting.text.contains("cannot-reach"), "\(waiting.text)")
                #expect(!waiting.text.contains("nothing waits"), "\(waiting.text)")
            }
        }
    }
}
