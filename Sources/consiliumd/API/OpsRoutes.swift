import ConsiliumCore
import ConsiliumLedger
import ConsiliumTransport
import Foundation
import HTTPTypes
import Hummingbird

/// The ops listener: loopback only, plain HTTP.
struct OpsRoutes {
    let hub: Hub

    func add(to router: Hummingbird.Router<BasicRequestContext>) {
        router.get("healthz") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> Response in
            let problems = Readiness(hub: hub).problems()
            let text = problems.isEmpty ? "ready\n" : problems.joined(separator: "\n") + "\n"
            let isReady = !problems.contains { $0.hasPrefix("not ready") }
            return Response(
                status: isReady ? .ok : .serviceUnavailable,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: text))
            )
        }
        router.get("metrics") { _, _ -> Response in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: hub.metrics.exposition(hub)))
            )
        }
    }
}

/// What an operator must know; lines beginning with `not ready` mean that the hub cannot serve.
struct Readiness {
    let hub: Hub

    func problems() -> [String] {
        var problems: [String] = []
        if let space = try? hub.disk.space(at: hub.home.data), space.isLow {
            problems.append("not ready: less than a tenth of the disk is free; writes are refused")
        }
        let now = hub.clock.now()
        let warning = Double(hub.configuration.certificateWarningDays) * 86_400
        for (name, certificate) in [
            ("root", hub.certificates.root), ("issuing authority", hub.certificates.issuing),
            ("hub certificate", hub.certificates.hub.leaf),
        ] {
            let left = certificate.notAfter.timeIntervalSince(now.date)
            let life = certificate.notAfter.timeIntervalSince(certificate.notBefore)
            if left < 0 {
                problems.append("not ready: the \(name) has expired")
            } else if left < min(warning, life / 3) {
                problems.append("warning: the \(name) ends in \(Int(left / 86_400)) days")
            }
        }
        return problems
    }
}
