#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A volume's size and what an ordinary process may still use, in bytes.
package struct DiskSpace: Sendable, Equatable {
    package var total: UInt64
    package var available: UInt64

    package init(total: UInt64, available: UInt64) {
        self.total = total
        self.available = available
    }

    /// Below a tenth: writes are refused and reads go on.
    package var isLow: Bool { available < total / 10 }
}

/// Answers how much space is left; tests give their own.
package protocol DiskSpaceProbe: Sendable {
    func space(at path: String) throws(StoreError) -> DiskSpace
}

/// Asks the file system (`statvfs`).
package struct VolumeSpace: DiskSpaceProbe {
    package init() {}

    package func space(at path: String) throws(StoreError) -> DiskSpace {
        var volume = statvfs()
        guard statvfs(path, &volume) == 0 else { throw StoreError(.io, FileError("statvfs", path).description) }
        let block = UInt64(volume.f_frsize)
        return DiskSpace(total: UInt64(volume.f_blocks) * block, available: UInt64(volume.f_bavail) * block)
    }
}
