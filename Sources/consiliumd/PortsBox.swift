import NIOConcurrencyHelpers

/// The ports that the listeners were given, once they are bound.
final class PortsBox: Sendable {
    private let box: NIOLockedValueBox<BoundPorts>

    init(_ ports: BoundPorts) { box = NIOLockedValueBox(ports) }

    var value: BoundPorts { box.withLockedValue { $0 } }

    func update(_ change: (inout BoundPorts) -> Void) { box.withLockedValue { change(&$0) } }
}
