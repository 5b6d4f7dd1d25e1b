import Foundation

/// Folders that tests read in place.
enum ContractFolder {
    private static func package(_ source: String = #filePath) -> URL {
        URL(fileURLWithPath: source).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// A folder of `Protocols`, e.g. `HL7v2`.
    static func protocols(_ name: String) -> URL { package().appendingPathComponent("Protocols/\(name)") }

    /// A folder of public messages: in `CONSILIUM_CORPUS`, else in `shared/data` beside the package.
    static func corpus(_ name: String) -> URL {
        if let folder = ProcessInfo.processInfo.environment["CONSILIUM_CORPUS"], !folder.isEmpty {
            return URL(fileURLWithPath: folder).appendingPathComponent(name)
        }
        return package().appendingPathComponent("../shared/data/\(name)").standardizedFileURL
    }
}
