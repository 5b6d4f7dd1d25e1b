package import ConsiliumCore

/// The name under which an auditor knows a case: 26 characters that only who holds the network's key can turn into the
/// case, and without looking through all cases.
///
/// A permutation of all identifiers under the network's key: four rounds of a Feistel network with HMAC-SHA256 (Luby and
/// Rackoff 1988, doi 10.1137/0217022).
extension Intake {
    package func pseudonym(of id: CaseID) -> String {
        var (left, right) = (id.high, id.low)
        for round in 0..<4 { (left, right) = (right, left ^ part(of: right, round)) }
        return TimeOrderedID(high: left, low: right).description
    }

    /// nil for a text that is no pseudonym; whether there is such a case the ledger says.
    package func caseID(of pseudonym: String) -> CaseID? {
        guard let name = TimeOrderedID(pseudonym), name.description == pseudonym else { return nil }
        var (left, right) = (name.high, name.low)
        for round in (0..<4).reversed() { (left, right) = (right ^ part(of: left, round), left) }
        return CaseID(high: left, low: right)
    }

    private func part(of half: UInt64, _ round: Int) -> UInt64 {
        let bytes = [UInt8(round)] + withUnsafeBytes(of: half.bigEndian) { Array($0) }
        return keys.casePseudonyms.digest(bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
