import ConsiliumCore
import ConsiliumLedger
import Foundation
import Hummingbird

/// `/network/doctors`: the register of a site's doctors.
struct DoctorsRoutes {
    let hub: Hub

    func add(to network: RouterGroup<HubContext>) {
        network.put("doctors") { request, _ in
            await hub.answerJSON("network", request) {
                var request = request
                let doctors = try await hub.decode([Network.Doctor].self, from: &request)
                let (principal, _) = try hub.caller()
                var register: [String: Network.DoctorCredential] = [:]
                for doctor in doctors {
                    register[hub.intake.licence(doctor.licence, of: doctor.name)] = .init(
                        validFrom: doctor.validFrom,
                        validTo: doctor.validTo
                    )
                }
                return try await hub.change(
                    .importDoctors(principal.site, register),
                    payload: Array(try JSONEncoder().encode(doctors))
                )
            }
        }
        network.get("doctors") { request, _ in
            await hub.answerJSON("network", request) {
                let actor = try await hub.actor()
                guard let site = actor.site else { throw Refusal(.notFound) }
                return try Reply.json(try DoctorRegister(hub: hub).doctors(of: site))
            }
        }
    }
}
