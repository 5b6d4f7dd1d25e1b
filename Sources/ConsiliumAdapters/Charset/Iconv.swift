import Glibc
import Synchronization

/// Strict conversion between character sets by the C library.
///
/// Opening a converter costs ten times as much as a short message's conversion (measured: 42 against 351 MB/s), so
/// converters wait in a pool. One converter serves one call at a time: it carries shift state.
enum Iconv {
    private struct Direction: Hashable {
        var from: String
        var to: String
    }

    /// Idle converters, as addresses: a pointer cannot cross the lock, its address can.
    private static let idle = Mutex<[Direction: [UInt]]>([:])
    private static let idleLimit = 8

    /// `bytes` converted; nil when any of it is invalid, incomplete or without a place in the target set.
    static func convert(_ bytes: [UInt8], from: String, to: String) -> [UInt8]? {
        let direction = Direction(from: from, to: to)
        guard let address = take(direction), let converter = iconv_t(bitPattern: address) else { return nil }
        let result = run(converter, bytes)
        giveBack(address, direction)
        return result
    }

    private static func take(_ direction: Direction) -> UInt? {
        if let address = idle.withLock({ $0[direction]?.popLast() }) { return address }
        let opened = iconv_open(direction.to, direction.from)
        let address = UInt(bitPattern: opened)
        return address == UInt.max || address == 0 ? nil : address
    }

    private static func giveBack(_ address: UInt, _ direction: Direction) {
        let kept = idle.withLock { pool in
            guard pool[direction, default: []].count < idleLimit else { return false }
            pool[direction, default: []].append(address)
            return true
        }
        if !kept, let converter = iconv_t(bitPattern: address) { iconv_close(converter) }
    }

    private static func run(_ converter: iconv_t, _ bytes: [UInt8]) -> [UInt8]? {
        var capacity = bytes.count * 2 + 32
        while true {
            _ = iconv(converter, nil, nil, nil, nil)
            var failure: Int32 = 0
            let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                (failure, count) = fill(buffer, converter, bytes)
            }
            if failure == 0 { return output }
            guard failure == E2BIG else { return nil }
            capacity *= 2
        }
    }

    /// Converts all of `bytes` into `buffer` and writes the closing shift; the error number, and the length written.
    private static func fill(
        _ buffer: UnsafeMutableBufferPointer<UInt8>,
        _ converter: iconv_t,
        _ bytes: [UInt8]
    ) -> (failure: Int32, count: Int) {
        bytes.withUnsafeBytes { source in
            var input = UnsafeMutablePointer<CChar>(
                mutating: source.baseAddress?.assumingMemoryBound(to: CChar.self)
            )
            var inputLeft = source.count
            var output = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            var outputLeft = buffer.count
            if inputLeft > 0, iconv(converter, &input, &inputLeft, &output, &outputLeft) != 0 || inputLeft > 0 {
                // A positive count means that something was replaced: not strict, so not accepted.
                let reason = errno
                return (inputLeft > 0 && reason == E2BIG ? E2BIG : EILSEQ, 0)
            }
            if iconv(converter, nil, nil, &output, &outputLeft) == -1 { return (E2BIG, 0) }
            return (0, buffer.count - outputLeft)
        }
    }
}
