import ConsiliumCore
import ConsiliumTransport

/// Sends what was given and what was kept, in order: kept files first, except that a stat request waits for nothing.
struct Submitter {
    /// What became of one file.
    struct Line: Equatable, Sendable {
        var label: String
        /// `accepted`, `already-received`, `amended`, `held`, `refused`, `kept`, `not-sent`.
        var outcome: String
        var caseID: String?
        var detail: String
        var failure: Failure?
        /// Where the case stands; nil when the hub was not asked or did not say.
        var state: CaseState?

        init(label: String, outcome: String, caseID: String? = nil, detail: String = "", failure: Failure? = nil) {
            self.label = label
            self.outcome = outcome
            self.caseID = caseID
            self.detail = detail
            self.failure = failure
        }
    }

    /// What became of everything.
    struct Result: Equatable, Sendable {
        /// A line a file in the order given, and before them the lines of files that had been kept.
        var lines: [Line] = []
        /// Files that wait in the spool now, those of earlier commands among them.
        var waiting = 0
        /// Whether no file was given, so that sending what had been kept is all that was asked.
        var isSpoolOnly = false
        /// Why what had been kept could not be sent.
        var unreachable: Failure?

        /// Asks for the state of each case that the hub named; the first case that cannot be told ends the asking, for
        /// what was submitted is submitted whether its state is known or not. An unsent stat request waits for nothing:
        /// whom to telephone is said at once.
        mutating func askStates(_ facts: (_ caseID: String) async throws -> Value) async {
            guard !lines.contains(where: { $0.outcome == "not-sent" }) else { return }
            for index in lines.indices {
                guard let id = lines[index].caseID else { continue }
                do {
                    lines[index].state = CaseState(facts: try await facts(id))
                } catch {
                    return
                }
            }
        }

        /// What was given decides; where nothing was, what waits and could not be sent.
        var status: ExitStatus {
            if lines.isEmpty, waiting > 0, let unreachable { return unreachable.status }
            let given = Submitter.status(of: lines)
            return given == .ok && isSpoolOnly && waiting > 0 ? .partly : given
        }
    }

    typealias Send = (_ path: String, _ contentType: String, _ body: [UInt8]) async -> SendOutcome

    var folder: ProfileFolder
    var key: PrincipalKey
    var now: () -> Instant
    var send: Send
    /// Sends a stat request: within ten seconds, or not at all.
    var sendStat: Send
    /// Told after each file: how many are done, of how many.
    var progress: (Int, Int) -> Void = { _, _ in }

    /// Sends `outgoing` and what had been kept.
    func submit(_ outgoing: [Outgoing]) async throws -> Result {
        var lines = [Line?](repeating: nil, count: outgoing.count)
        var done = 0
        func finish(_ index: Int, _ line: Line) {
            lines[index] = line
            done += 1
            progress(done, outgoing.count)
        }
        for (index, item) in outgoing.enumerated() where !item.isSpoolable {
            let outcome = await sendStat(item.path, item.contentType, item.body)
            finish(index, Self.line(item.label, outcome, unsent: "not-sent"))
        }
        var earlier: [Line] = []
        var unreachable: Failure?
        if !Spool.isEmpty(folder) { (earlier, unreachable) = try await drain() }
        let stopped = unreachable
        for (index, item) in outgoing.enumerated() where item.isSpoolable {
            if let failure = unreachable {
                try keep(item)
                finish(index, Line(label: item.label, outcome: "kept", failure: failure))
                continue
            }
            let outcome = await send(item.path, item.contentType, item.body)
            if case .unreachable(let failure) = outcome {
                unreachable = failure
                try keep(item)
                finish(index, Line(label: item.label, outcome: "kept", failure: failure))
            } else {
                finish(index, Self.line(item.label, outcome, unsent: "kept"))
            }
        }
        return Result(
            lines: earlier + lines.compactMap { $0 },
            waiting: Spool.entries(in: folder.spool).count,
            isSpoolOnly: outgoing.isEmpty,
            unreachable: stopped
        )
    }

    /// Sends what is kept, first come first served; stops at the first that the hub does not answer.
    func drain() async throws -> (lines: [Line], unreachable: Failure?) {
        let spool = try Spool(folder, key: key)
        let lock = try spool.lock()
        var lines: [Line] = []
        var stopped: Failure?
        var isOver = false
        // Listed again under the lock: another process may have sent them meanwhile.
        for entry in spool.entries {
            let request = try spool.open(entry)
            switch await send(request.path, request.contentType, [UInt8](request.body)) {
            case .taken(let receipt):
                try spool.remove(entry)
                lines.append(Self.line(request.label, .taken(receipt), unsent: "kept"))
            case .refused(let failure):
                try spool.setAside(entry)
                lines.append(Line(label: request.label, outcome: "refused", failure: failure))
            case .turnedAway(let failure):
                // Not the content's fault: it stays, and so does everything behind it.
                lines.append(Line(label: request.label, outcome: "kept", failure: failure))
                isOver = true
            case .unreachable(let failure):
                stopped = failure
                isOver = true
            }
            if isOver { break }
        }
        _ = consume lock
        return (lines, stopped)
    }

    private func keep(_ item: Outgoing) throws {
        let spool = try Spool(folder, key: key)
        let lock = try spool.lock()
        try spool.keep(item.spooled(at: now()))
        _ = consume lock
    }

    private static func line(_ label: String, _ outcome: SendOutcome, unsent: String) -> Line {
        switch outcome {
        case .taken(let receipt):
            Line(label: label, outcome: receipt.outcome, caseID: receipt.caseID, detail: receipt.detail)
        case .refused(let failure), .turnedAway(let failure):
            Line(label: label, outcome: "refused", failure: failure)
        case .unreachable(let failure): Line(label: label, outcome: unsent, failure: failure)
        }
    }

    /// The status of the whole: an unsent stat request outranks everything else.
    static func status(of lines: [Line]) -> ExitStatus {
        let outcomes = Set(lines.map(\.outcome))
        if outcomes.contains("not-sent") { return .unreachable }
        let bad = outcomes.intersection(["refused", "kept"])
        if bad.isEmpty { return .ok }
        if bad == outcomes, bad.count == 1 { return bad == ["kept"] ? .kept : .refused }
        return .partly
    }
}
