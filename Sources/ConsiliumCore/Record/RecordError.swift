/// Bytes of a record that cannot be read; never the sender's fault.
package struct RecordError: Error, Equatable, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
}
