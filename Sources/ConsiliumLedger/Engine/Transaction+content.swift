import ConsiliumCore

/// Sealed content of cases, within a commit group.
extension Transaction {
    func erasedAt(_ id: CaseID) throws -> Instant? {
        try connection.first(Statements.erasure, [.identifier(id)]) { $0.time(0) }
    }

    /// - Throws: `Refusal(.erased)` when key and content were destroyed.
    func caseKey(of id: CaseID) throws -> DataKey {
        let wrapped = try connection.first(Statements.caseKey, [.identifier(id)]) {
            WrappedKey(masterVersion: $0.int(0), bytes: $0.blob(1))
        }
        guard let wrapped else { throw Refusal(.erased) }
        return try ledger.intake.masters.unwrap(wrapped, for: id)
    }

    func seal(
        _ payload: Payload,
        sequence: Int,
        of id: CaseID,
        key: DataKey,
        at index: Int
    ) throws -> (Int, [UInt8], [UInt8]) {
        let sealed = try Sealer.seal(
            payload.canonical,
            key: key,
            context: SealContext(stream: id, version: Int64(sequence), part: "payload"),
            entropy: &ledger.entropy
        )
        return (index, sealed, sha256(sealed))
    }

    func insert(_ parts: [SealedPart], of id: CaseID, sequence: Int) throws {
        for part in parts {
            try connection.execute(
                Statements.insertBlob,
                [.identifier(id), .text(part.part), .int(sequence), .optional(part.sealed)]
            )
        }
    }
}
