extension RoutingDecision {
    func write(to w: inout CanonicalWriter) {
        w.field("candidates", candidates)
        w.field("chosen", chosen) { w, ranked in w.object { ranked.write(to: &$0) } }
        w.field("decidedAt", decidedAt)
        w.field("department", department.description)
        w.field("eligible", eligible)
        w.field("exclusions") { w in
            for (policy, count) in exclusions.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                w.field(policy, count)
            }
        }
        w.field("fullSites", fullSites) { w, ranked in w.object { ranked.write(to: &$0) } }
        w.field("only", only?.description)
        w.field("policyVersion", policyVersion)
        w.field("position", position)
        w.field("runnersUp", runnersUp) { w, ranked in w.object { ranked.write(to: &$0) } }
    }

    init(_ o: CanonicalObject) throws(RecordError) {
        var exclusions: [String: Int] = [:]
        let object = try o.object("exclusions")
        for name in object.names { exclusions[name] = try object.int(name) }
        self.init(
            position: try o.int("position"),
            policyVersion: try o.int("policyVersion"),
            decidedAt: try o.instant("decidedAt"),
            department: try o.department("department"),
            only: try o.optionalSite("only"),
            chosen: try Ranked.read(try o.objects("chosen")),
            runnersUp: try Ranked.read(try o.objects("runnersUp")),
            candidates: try o.int("candidates"),
            eligible: try o.int("eligible"),
            exclusions: exclusions,
            fullSites: try Ranked.read(try o.objects("fullSites"))
        )
    }
}

extension Ranked {
    func write(to w: inout CanonicalWriter) {
        w.field("channel", score.channel)
        w.field("distance", score.distance)
        w.field("load", score.load)
        w.field("named", score.named)
        w.field("offered", offered)
        w.field("region", score.region)
        w.field("reserved", reserved)
        w.field("site", site.description)
        w.field("tier", score.tier)
    }

    static func read(_ objects: [CanonicalObject]) throws(RecordError) -> [Ranked] {
        var out: [Ranked] = []
        for o in objects {
            let score = Score(
                named: try o.int("named"),
                tier: try o.int("tier"),
                load: try o.int("load"),
                distance: try o.int("distance"),
                channel: try o.int("channel"),
                region: try o.int("region")
            )
            out.append(
                Ranked(
                    site: try o.site("site"),
                    score: score,
                    reserved: try o.int("reserved"),
                    offered: try o.int("offered")
                )
            )
        }
        return out
    }
}
