import Foundation
import Testing

@testable import ConsiliumLedger

@Suite("Home, files, space")
struct StoreHomeTests {
    @Test("A second hub on the same home is told who serves it")
    func secondHub() throws {
        let folder = try TemporaryFolder()
        var first: HomeLock? = try HomeLock(home: folder.path)
        let mine = Int(ProcessInfo.processInfo.processIdentifier)
        #expect(throws: HomeError(code: .inUse(mine), message: "")) { try HomeLock(home: folder.path) }
        withExtendedLifetime(first) {}
        first = nil
        _ = try HomeLock(home: folder.path)
    }

    @Test("A home that cannot be written is an error, not a lock")
    func noHome() throws {
        let folder = try TemporaryFolder()
        try DurableFile.create(folder("home"), contents: [])
        #expect(throws: HomeError(code: .io, message: "")) { try HomeLock(home: folder("home")) }
    }

    @Test("A tenth of the disk is the limit")
    func low() {
        #expect(DiskSpace(total: 1_000, available: 99).isLow)
        #expect(!DiskSpace(total: 1_000, available: 100).isLow)
    }

    @Test("The volume's space is read from the system")
    func volume() throws {
        let folder = try TemporaryFolder()
        let space = try VolumeSpace().space(at: folder.path)
        #expect(space.total > 0 && space.available <= space.total)
        #expect(throws: StoreError(.io, "")) { try VolumeSpace().space(at: folder("absent")) }
    }

    @Test("Making a file refuses to overwrite one")
    func exclusive() throws {
        let folder = try TemporaryFolder()
        try DurableFile.create(folder("a"), contents: [1])
        #expect(throws: FileError.self) { try DurableFile.create(folder("a"), contents: [2]) }
        #expect(try DurableFile.read(folder("a")) == [1])
        try DurableFile.replace(folder("a"), contents: [3])
        #expect(try DurableFile.read(folder("a")) == [3])
        #expect(try DurableFile.names(in: folder.path) == ["a"])
    }

    @Test("A missing file is told from other errors")
    func missing() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: FileError.self) { try DurableFile.read(folder("absent")) }
        #expect(error?.isMissing == true)
        #expect(error?.isFull == false)
    }

    @Test("Folders are made with those above them, for their owner alone")
    func folders() throws {
        let folder = try TemporaryFolder()
        try DurableFile.makeFolder(folder("a/b/c"))
        try DurableFile.makeFolder(folder("a/b/c"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder("a/b"))[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }
}
