import ConsiliumCore

/// A practitioner with the role in which he or she acts, as far as the message says.
struct FHIRPerson {
    var name: String?
    var licence: String?
    var telephone: String?
    var department: DepartmentCode?
    var departmentText: String?
    var institution: String?
    var site: SiteID?
}

extension ApplicationReader {
    mutating func readRequester(of request: FHIRResource) throws(FormatError) {
        guard let reference = try request.value.object("requester") else { return }
        let person = try person(at: reference, in: request.scope)
        application[.requesterDoctor] = person.name
        application[.requesterLicence] = person.licence
        application[.requesterTelephone] = person.telephone
        application[.requesterDepartment] = person.department?.description
        application[.requesterDepartmentText] = person.departmentText
        application[.requesterInstitution] = person.institution
        submission.statedSite = person.site
        guard person.institution == nil, person.site == nil, let patient else { return }
        // A bare Practitioner names no institution; the patient's record may.
        guard let managing = try patient.value.object("managingOrganization") else { return }
        let (name, site) = try organization(at: managing, in: patient.scope)
        application[.requesterInstitution] = name
        submission.statedSite = site
    }

    mutating func readPerformers(of request: FHIRResource) throws(FormatError) {
        for reference in try request.value.objects("performer") {
            let person = try person(at: reference, in: request.scope)
            if application[.wantedSite] == nil { application[.wantedSite] = person.site?.description }
            if application[.wantedExpert] == nil { application[.wantedExpert] = person.name }
        }
    }

    func person(at reference: JSONValue, in scope: JSONValue) throws(FormatError) -> FHIRPerson {
        var person = FHIRPerson()
        switch try bundle.resolve(reference, in: scope, types: ["PractitionerRole", "Practitioner", "Organization"]) {
        case .known(_, let id):
            person.site = SiteID(id)
            // The directory knows its name; only what the sender calls it is an element.
            person.institution = try reference.text("display")
        case .logical:
            let site = try reference.object("identifier").flatMap(site(in:))
            if let site {
                person.site = site
                person.institution = try reference.text("display")
            } else {
                person.name = try reference.text("display")
                let identifier = try reference.object("identifier")
                identifier?.member("system")?.markAll()
                person.licence = try identifier?.text("value")
            }
        case .resource(let resource):
            reference.member("display")?.markAll()
            try read(resource, into: &person)
        }
        return person
    }

    private func read(_ resource: FHIRResource, into person: inout FHIRPerson) throws(FormatError) {
        try resource.open()
        let value = resource.value
        value.member("active")?.markAll()
        switch resource.type {
        case "Practitioner":
            person.name = try value.personName("name")
            person.telephone = try value.telephone("telecom") ?? person.telephone
            try readLicence(of: value, into: &person)
        case "Organization":
            (person.institution, person.site) = try organization(resource)
            person.telephone = try value.telephone("telecom") ?? person.telephone
        default:
            try readRole(resource, into: &person)
        }
    }

    private func readRole(_ role: FHIRResource, into person: inout FHIRPerson) throws(FormatError) {
        let value = role.value
        if let practitioner = try value.object("practitioner") {
            switch try bundle.resolve(practitioner, in: role.scope, types: ["Practitioner"]) {
            case .resource(let resource): try read(resource, into: &person)
            case .logical, .known: person.name = try practitioner.text("display")
            }
        }
        if let organization = try value.object("organization") {
            (person.institution, person.site) = try self.organization(at: organization, in: role.scope)
        }
        for name in ["specialty", "code"] as [StaticString] where person.department == nil {
            for concept in try value.objects(name) where person.department == nil {
                person.department = try department(in: concept)
                if name.description == "specialty" || person.department != nil, person.departmentText == nil {
                    person.departmentText = try concept.text("text")
                }
            }
        }
        person.telephone = try value.telephone("telecom") ?? person.telephone
    }

    /// The identifier of the staff system, else the first.
    private func readLicence(of value: JSONValue, into person: inout FHIRPerson) throws(FormatError) {
        let identifiers = try value.objects("identifier")
        for identifier in identifiers {
            if let system = identifier.member("system"), system.isText(FHIRSystem.staff) {
                person.licence = try identifier.requiredText("value")
                return
            }
        }
        identifiers.first?.member("system")?.markAll()
        person.licence = try identifiers.first?.text("value")
    }

    // MARK: Organizations

    func organization(at reference: JSONValue, in scope: JSONValue) throws(FormatError) -> (String?, SiteID?) {
        switch try bundle.resolve(reference, in: scope, types: ["Organization"]) {
        case .known(_, let id): return (try reference.text("display"), SiteID(id))
        case .logical:
            let site = try reference.object("identifier").flatMap(site(in:))
            return (try reference.text("display"), site)
        case .resource(let resource):
            try resource.open()
            return try organization(resource)
        }
    }

    private func organization(_ resource: FHIRResource) throws(FormatError) -> (String?, SiteID?) {
        resource.value.member("active")?.markAll()
        var site: SiteID?
        for identifier in try resource.value.objects("identifier") where site == nil {
            site = try self.site(in: identifier)
        }
        return (try resource.value.text("name"), site)
    }

    /// The organisation code in an identifier of the network's or the national system.
    private func site(in identifier: JSONValue) throws(FormatError) -> SiteID? {
        guard let system = identifier.member("system"),
            system.isText(FHIRSystem.site) || system.isText(FHIRSystem.institution)
        else { return nil }
        let text = try identifier.requiredText("value")
        guard let site = SiteID(text) else {
            throw identifier.error(.invalidValue, at: "value", "not an organisation code")
        }
        return site
    }
}
