package import ConsiliumCore

extension FHIRAdapter {
    /// One match of a search.
    package struct SearchEntry: Sendable {
        /// Absolute address of the resource.
        package var fullURL: String
        package var resource: [UInt8]
        /// False for what `_include` adds.
        package var isMatch: Bool

        package init(fullURL: String, resource: [UInt8], isMatch: Bool = true) {
            self.fullURL = fullURL
            self.resource = resource
            self.isMatch = isMatch
        }
    }

    /// A Bundle of type `searchset`; `total` nil where counting would cost a scan.
    package static func searchset(
        _ entries: [SearchEntry],
        total: Int?,
        selfLink: String,
        nextLink: String?
    ) -> [UInt8] {
        var json = JSONWriter(capacity: entries.reduce(512) { $0 + $1.resource.count + 160 })
        json.object { json in
            json.field("resourceType", "Bundle")
            json.field("type", "searchset")
            if let total { json.field("total", total) }
            json.array("link") { json in
                json.object { json in
                    json.field("relation", "self")
                    json.field("url", selfLink)
                }
                if let nextLink {
                    json.object { json in
                        json.field("relation", "next")
                        json.field("url", nextLink)
                    }
                }
            }
            guard !entries.isEmpty else { return }
            json.array("entry") { json in
                for entry in entries {
                    json.object { json in
                        json.field("fullUrl", entry.fullURL)
                        json.field("resource", raw: entry.resource)
                        json.object("search") { json in json.field("mode", entry.isMatch ? "match" : "include") }
                    }
                }
            }
        }
        return json.bytes
    }

    /// What became of one entry of a transaction.
    package struct ResponseEntry: Sendable {
        /// `201 Created`.
        package var status: String
        /// `ServiceRequest/CASE/_history/3`.
        package var location: String?
        package var version: Int?
        package var modified: Instant?
        /// An OperationOutcome.
        package var outcome: [UInt8]?

        package init(
            status: String,
            location: String? = nil,
            version: Int? = nil,
            modified: Instant? = nil,
            outcome: [UInt8]? = nil
        ) {
            self.status = status
            self.location = location
            self.version = version
            self.modified = modified
            self.outcome = outcome
        }
    }

    /// A Bundle of type `transaction-response`, entries in the order of the request's.
    package static func transactionResponse(_ entries: [ResponseEntry]) -> [UInt8] {
        var json = JSONWriter(capacity: 256 + entries.count * 256)
        json.object { json in
            json.field("resourceType", "Bundle")
            json.field("type", "transaction-response")
            guard !entries.isEmpty else { return }
            json.array("entry") { json in
                for entry in entries {
                    json.object { json in
                        json.object("response") { json in
                            json.field("status", entry.status)
                            json.field("location", entry.location)
                            json.field("etag", entry.version.map { "W/\"\($0)\"" })
                            json.field("lastModified", entry.modified?.iso8601)
                            if let outcome = entry.outcome { json.field("outcome", raw: outcome) }
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    /// The Parameters that `ServiceRequest/ID/$why` returns: the stored routing decision, part by part.
    package static func why(_ decision: RoutingDecision, of caseID: CaseID) -> [UInt8] {
        var json = JSONWriter(capacity: 2_048)
        json.object { json in
            json.field("resourceType", "Parameters")
            json.array("parameter") { json in
                json.parameter("request") { json in
                    json.reference("valueReference", FHIRID(.request, of: caseID).reference)
                }
                json.parameter("position") { json in json.field("valueInteger", decision.position) }
                json.parameter("policyVersion") { json in json.field("valueInteger", decision.policyVersion) }
                json.parameter("decidedAt") { json in json.field("valueInstant", decision.decidedAt.iso8601) }
                json.parameter("department") { json in
                    json.object("valueCoding") { json in
                        json.coding(
                            FHIRSystem.department,
                            decision.department.description,
                            decision.department.name
                        )
                    }
                }
                json.parameter("candidates") { json in json.field("valueInteger", decision.candidates) }
                json.parameter("eligible") { json in json.field("valueInteger", decision.eligible) }
                for (policy, count) in decision.exclusions.sorted(by: { $0.key < $1.key }) {
                    json.parameter("excluded") { json in
                        json.array("part") { json in
                            json.parameter("policy") { json in json.field("valueCode", policy) }
                            json.parameter("sites") { json in json.field("valueInteger", count) }
                        }
                    }
                }
                for site in decision.chosen { json.ranked("chosen", site) }
                for site in decision.runnersUp { json.ranked("runnerUp", site) }
                for site in decision.fullSites { json.ranked("full", site) }
            }
        }
        return json.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func parameter(_ name: String, _ value: (inout JSONWriter) -> Void) {
        object { json in
            json.field("name", name)
            value(&json)
        }
    }

    fileprivate mutating func ranked(_ name: String, _ site: Ranked) {
        let score = site.score
        let parts = [
            ("named", score.named), ("tier", score.tier), ("load", score.load), ("distance", score.distance),
            ("channel", score.channel), ("region", score.region),
        ]
        parameter(name) { json in
            json.array("part") { json in
                json.parameter("site") { json in json.reference("valueReference", "Organization/\(site.site)") }
                json.parameter("score") { json in json.field("valueInteger", score.total) }
                for (name, value) in parts {
                    json.parameter("score.\(name)") { json in json.field("valueInteger", value) }
                }
                json.parameter("reserved") { json in json.field("valueInteger", site.reserved) }
                json.parameter("offered") { json in json.field("valueInteger", site.offered) }
            }
        }
    }
}
