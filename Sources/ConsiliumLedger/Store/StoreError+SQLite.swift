import GRDB
import GRDBSQLite

extension StoreError {
    /// From an extended result code (https://www.sqlite.org/rescode.html) and SQLite's own message.
    init(result: Int32, message: String) {
        let code: Code =
            switch result & 0xFF {
            case SQLITE_FULL: .full
            case SQLITE_IOERR: .io
            case SQLITE_CORRUPT: .corrupt
            case SQLITE_NOTADB: .notADatabase
            case SQLITE_BUSY: .busy
            case SQLITE_LOCKED: .locked
            case SQLITE_CONSTRAINT: .constraint(Self.constraintName(message))
            case SQLITE_READONLY: .readOnly
            case SQLITE_CANTOPEN: .cannotOpen
            default: .other(Int(result))
            }
        self.init(code, message)
    }

    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            self.init(result: error.extendedResultCode.rawValue, message: error.message ?? "no message")
        default: self.init(.other(Int(SQLITE_ERROR)), String(describing: type(of: error)))
        }
    }

    /// "UNIQUE constraint failed: offers.case_id, offers.rank" names what follows the colon.
    private static func constraintName(_ message: String) -> String {
        guard let colon = message.firstIndex(of: ":") else { return message }
        return String(message[message.index(after: colon)...].drop { $0 == " " })
    }
}
