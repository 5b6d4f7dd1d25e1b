import ConsiliumCore
import ConsiliumLedger

extension Life {
    func perform(_ errand: Agenda.Errand) throws {
        switch errand {
        case .submit(let plan): try submit(plan)
        case .answer(let id): try answer(id)
        case .respond(let id, let offer): try respond(id, to: offer)
        case .start(let id): try start(id)
        case .report(let id): try report(id)
        case .fail(let id): try fail(id)
        case .close(let id): try close(id)
        case .cancel(let id): try cancel(id)
        case .void(let id): try void(id)
        case .coordinate(let id): try coordinate(id)
        case .proveConsent(let id): try proveConsent(id)
        case .withdrawConsent(let id): try withdrawConsent(id)
        case .copy(let id): try copy(id)
        case .amend(let id): try amend(id)
        case .note(let id): try note(id)
        case .administer(let administration): try administer(administration)
        // Whose site is suspended records nothing.
        case .govern(let body): do { try body(self) } catch is Refusal {}
        case .followUp(let id): try followUp(id)
        }
    }
}
