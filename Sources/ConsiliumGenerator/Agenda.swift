import ConsiliumCore

/// What somebody is going to do, and when: a binary heap by time, ties in the order in which they were entered.
struct Agenda {
    enum Errand {
        case submit(CasePlan)
        case answer(CaseID)
        case respond(CaseID, offer: Int)
        case start(CaseID)
        case report(CaseID)
        case fail(CaseID)
        case close(CaseID)
        case cancel(CaseID)
        case void(CaseID)
        case coordinate(CaseID)
        case proveConsent(CaseID)
        case withdrawConsent(CaseID)
        case copy(CaseID)
        case amend(CaseID)
        case note(CaseID)
        case administer(Administration)
        case govern((Life) throws -> Void)
        /// Its follow-up could not be told at its closure: something else was still due.
        case followUp(CaseID)
    }

    private struct Entry {
        var time: Instant
        var number: Int
        var errand: Errand

        func precedes(_ other: Entry) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var heap: [Entry] = []
    private var entered = 0

    var next: Instant? { heap.first?.time }
    mutating func add(_ errand: Errand, at time: Instant) {
        entered += 1
        heap.append(Entry(time: time, number: entered, errand: errand))
        var child = heap.count - 1
        while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func takeFirst() -> (time: Instant, errand: Errand)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2]
                where child < heap.count && heap[child].precedes(heap[least]) { least = child }
                if least == parent { break }
                heap.swapAt(parent, least)
                parent = least
            }
        }
        return (first.time, first.errand)
    }
}
