import Foundation
import Testing

extension SystemTests {
    @Suite("Public clients, with no code of ours")
    struct PublicClients {
        /// `make test` names a Python that has the PyPI package `hl7` in `CONSILIUM_TEST_PYTHON`.
        @Test(
            "mllp_send behind a gateway without inbound route and curl submit and read back; a cut link loses nothing"
        )
        func acceptance() async throws {
            guard let python = ProcessInfo.processInfo.environment["CONSILIUM_TEST_PYTHON"], !python.isEmpty else {
                return Program.notice("CONSILIUM_TEST_PYTHON is not set; the acceptance of public clients is left out")
            }
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("Acceptance/public_clients.py")
            let ended = try await Program.run(
                python,
                [script.path, "--bin", Program.folder.path],
                seconds: 240
            )
            #expect(ended.status == 0, "\(ended.text)")
            print(ended.text.split(separator: "\n").last.map { String($0) } ?? "")
        }
    }
}
