import ConsiliumCore

/// Where a case stands, as far as its sender needs to know it.
struct CaseState: Equatable, Sendable {
    var phase: String
    /// What the case waits for, when it waits for information.
    var gaps: [String]
    /// Why it is with the coordination office.
    var unroutableReason: String?

    /// Reads the facts of a case as the hub shows them; nil when they name no phase.
    init?(facts: Value) {
        guard let phase = facts["phase"].string else { return nil }
        self.phase = phase
        gaps = facts["gaps"].array.compactMap(\.string)
        unroutableReason = facts["unroutableReason"].string
    }

    /// `waiting for information: consent`, `with the coordination office (exhausted)`, or the phase's name.
    func text(_ language: Language) -> String {
        let isChinese = language == .zh
        switch Phase(rawValue: phase) {
        case .infoNeeded:
            let list = gaps.map { Terms.text($0, language) }.joined(separator: isChinese ? "、" : ", ")
            return (isChinese ? "待补充：" : "waiting for information: ") + list
        case .unroutable:
            let reason = unroutableReason.map { Terms.text($0, language) } ?? ""
            let office = isChinese ? "已转协调办公室" : "with the coordination office"
            return reason.isEmpty ? office : office + (isChinese ? "（\(reason)）" : " (\(reason))")
        default: return Terms.text(phase, language)
        }
    }

    /// Whether someone has to look: the case waits for its sender or for the office, or goes on no more.
    var needsLook: Bool {
        guard let phase = Phase(rawValue: phase) else { return true }
        return phase == .infoNeeded || phase == .unroutable || phase.isEnded
    }
}

extension Submitter.Line {
    /// What is said of a case that someone has to look at, with the command that shows it.
    func remark(_ language: Language) -> String? {
        guard let caseID, let state, state.needsLook || outcome == "already-received" else { return nil }
        let outcome = Terms.text(outcome, language)
        return language == .zh
            ? "\(label)：\(outcome)，\(state.text(language))\n  下一步：consilium show \(caseID)"
            : "\(label): \(outcome), \(state.text(language))\n  next: consilium show \(caseID)"
    }
}
