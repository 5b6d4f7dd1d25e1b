import ConsiliumCore
import Testing

@testable import consilium

@Suite("What is said of a case that was submitted")
struct CaseStateTests {
    private static func facts(_ phase: String, gaps: [String] = [], reason: String? = nil) -> Value {
        .fields(["phase": .string(phase), "gaps": .array(gaps.map { .string($0) }), "unroutableReason": Value(reason)])
    }

    private static func line(_ outcome: String, _ facts: Value) -> Submitter.Line {
        var line = Submitter.Line(label: "f.yaml", outcome: outcome, caseID: "01H")
        line.state = CaseState(facts: facts)
        return line
    }

    @Test("A case that waits is accepted, and its sender learns for what and where to look")
    func waiting() {
        let line = Self.line("accepted", Self.facts("info-needed", gaps: ["consent", "department"]))
        #expect(
            line.remark(.en)
                == "f.yaml: accepted, waiting for information: consent, department\n  next: consilium show 01H"
        )
        #expect(line.remark(.zh)?.contains("待补充：知情同意、科室") == true)
    }

    @Test("A case that found no site is accepted, with the coordination office")
    func unroutable() {
        let line = Self.line("accepted", Self.facts("unroutable", reason: "no-capable-site"))
        #expect(line.remark(.en)?.contains("accepted, with the coordination office (no-capable-site)") == true)
        #expect(line.remark(.zh)?.contains("已转协调办公室（无可接机构）") == true)
    }

    @Test("The form of a cancelled or voided case is told so", arguments: ["cancelled", "entered-in-error"])
    func ended(phase: String) {
        let line = Self.line("already-received", Self.facts(phase))
        #expect(line.remark(.en)?.contains("already-received, \(phase)\n  next: consilium show 01H") == true)
    }

    @Test("A new case that goes its way needs no remark")
    func usual() {
        #expect(Self.line("accepted", Self.facts("offered")).remark(.en) == nil)
        #expect(Self.line("already-received", Self.facts("offered")).remark(.en) != nil)
        #expect(CaseState(facts: .null) == nil)
    }

    @Test("A state that cannot be told changes nothing about what was submitted")
    func unknown() async {
        var result = Submitter.Result(lines: [
            Submitter.Line(label: "a", outcome: "accepted", caseID: "1"),
            Submitter.Line(label: "b", outcome: "accepted", caseID: "2"),
        ])
        var asked: [String] = []
        await result.askStates { id in
            asked.append(id)
            throw Failure(.unreachable, "no-answer", "down")
        }
        #expect(asked == ["1"])
        #expect(result.status == .ok)
        #expect(result.lines.allSatisfy { $0.state == nil })

        await result.askStates { id in Self.facts(id == "1" ? "queued" : "info-needed") }
        #expect(result.lines.map(\.state?.phase) == ["queued", "info-needed"])
    }

    @Test("Nothing is asked before the duty telephones of an unsent stat request")
    func unsent() async {
        var result = Submitter.Result(lines: [
            Submitter.Line(label: "a", outcome: "accepted", caseID: "1"),
            Submitter.Line(label: "b", outcome: "not-sent"),
        ])
        await result.askStates { _ in
            Issue.record("asked")
            return .null
        }
        #expect(result.lines[0].state == nil)
    }
}
