import ConsiliumCore
import ConsiliumLedger
import Foundation

/// The names of a site's doctors, which travel sealed in the events of the register.
struct DoctorRegister {
    let hub: Hub

    func doctors(of site: SiteID) throws -> [Network.Doctor] {
        var doctors: [String: Network.Doctor] = [:]
        for payload in try hub.cases.networkPayloads(of: site) {
            for doctor in try JSONDecoder().decode([Network.Doctor].self, from: Data(payload)) {
                doctors[doctor.licence] = doctor
            }
        }
        return doctors.values.sorted { $0.licence < $1.licence }
    }
}
