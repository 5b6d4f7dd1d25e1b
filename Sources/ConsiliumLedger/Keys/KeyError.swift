/// What is wrong with a key, a share or a seal. Two errors are equal when their codes are.
package struct KeyError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// No key file: put it back, or restore with two recovery shares.
        case missing
        /// Others than its owner can read the key file, or it is not a plain file.
        case permissions
        /// The key file is cut short or altered.
        case damaged
        /// A sound key, but not the one that this network's data is wrapped by.
        case wrongKey
        /// Data is wrapped by a version of the master key that is not here.
        case unknownVersion(Int)
        /// Two files claim the same version, or a key of that version exists already.
        case duplicateVersion(Int)
        /// A recovery share is mistyped; its place in the list, from 1.
        case badShare(Int)
        /// Shares of different keys, or of two printings of one key.
        case mixedShares
        case tooFewShares
        /// The bytes, their place or their key are not those that were sealed.
        case sealBroken
        /// A nonce must be 12 bytes.
        case badNonce
        case io
    }

    package var code: Code
    /// For operators; never holds key bytes.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package static func == (a: KeyError, b: KeyError) -> Bool { a.code == b.code }
    package var description: String { message }
}
