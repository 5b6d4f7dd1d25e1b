import Foundation
import Testing

@testable import ConsiliumTransport

@Suite("The name of a principal")
struct PrincipalNameTests {
    @Test("A node's URI is read and written back the same")
    func node() throws {
        let name = try PrincipalName(uri: "spiffe://cjfh.example/site/CN-110105-001/node/his-1")
        #expect(name.network == "cjfh.example")
        #expect(name.site == "CN-110105-001")
        #expect(name.kind == .node)
        #expect(name.name == "his-1")
        #expect(name.uri == "spiffe://cjfh.example/site/CN-110105-001/node/his-1")
    }

    @Test("An operator's URI has `op` as its kind")
    func person() throws {
        let name = try PrincipalName(network: "n", site: "S", kind: .operator, name: "wang.li")
        #expect(name.uri == "spiffe://n/site/S/op/wang.li")
        #expect(try PrincipalName(uri: name.uri) == name)
    }

    @Test(
        "Every departure from the grammar is refused, with its reason",
        arguments: [
            ("", PrincipalNameError.scheme),
            ("https://n/site/S/node/a", .scheme),
            ("SPIFFE://n/site/S/node/a", .scheme),
            ("spiffe:/n/site/S/node/a", .scheme),
            (" spiffe://n/site/S/node/a", .scheme),
            ("spiffe://n", .shape),
            ("spiffe://n/hub", .shape),
            ("spiffe://n/site/S/node", .shape),
            ("spiffe://n/site/S/node/a/", .shape),
            ("spiffe://n/site/S/node/a/b", .shape),
            ("spiffe://n/Site/S/node/a", .shape),
            ("spiffe://n//S/node/a", .shape),
            ("spiffe:///site/S/node/a", .network),
            ("spiffe://N/site/S/node/a", .network),
            ("spiffe://n:8443/site/S/node/a", .network),
            ("spiffe://u@n/site/S/node/a", .network),
            ("spiffe://网络/site/S/node/a", .network),
            ("spiffe://n/site//node/a", .site),
            ("spiffe://n/site/../node/a", .site),
            ("spiffe://n/site/S%2F/node/a", .site),
            ("spiffe://n/site/S T/node/a", .site),
            ("spiffe://n/site/S/user/a", .kind),
            ("spiffe://n/site/S/NODE/a", .kind),
            ("spiffe://n/site/S/node/", .name),
            ("spiffe://n/site/S/node/.", .name),
            ("spiffe://n/site/S/node/a?x=1", .name),
            ("spiffe://n/site/S/node/a#x", .name),
            ("spiffe://n/site/S/node/王", .name),
            ("spiffe://n/site/S/node/a\u{0}", .name),
            ("spiffe://n/site/S/node/a\n", .name),
        ]
    )
    func refused(uri: String, reason: PrincipalNameError) {
        #expect(throws: reason) { try PrincipalName(uri: uri) }
    }

    @Test("Lengths are bounded: 63 for a network, 64 for the rest")
    func lengths() throws {
        let long = String(repeating: "a", count: 64)
        _ = try PrincipalName(network: String(long.dropLast()), site: long, kind: .node, name: long)
        #expect(throws: PrincipalNameError.network) {
            try PrincipalName(network: long, site: "S", kind: .node, name: "a")
        }
        #expect(throws: PrincipalNameError.site) {
            try PrincipalName(network: "n", site: long + "a", kind: .node, name: "a")
        }
        #expect(throws: PrincipalNameError.name) {
            try PrincipalName(network: "n", site: "S", kind: .node, name: long + "a")
        }
    }

    @Test("JSON carries the URI, and a wrong one is not decoded")
    func json() throws {
        let name = try PrincipalName(network: "n", site: "S", kind: .node, name: "a")
        let bytes = try JSONEncoder().encode([name])
        #expect(try JSONDecoder().decode([PrincipalName].self, from: bytes) == [name])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PrincipalName].self, from: Data(#"["spiffe://n/hub"]"#.utf8))
        }
    }
}
