import Dispatch
import Foundation

/// SIGTERM and SIGINT as a stream with one element a signal, instead of an end at once.
final class StopSignals {
    let stream: AsyncStream<Void>
    // A source that nobody holds watches no more.
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        sources = [SIGTERM, SIGINT]
            .map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { continuation.yield() }
                source.activate()
                return source
            }
    }

    /// Watches no longer.
    func cancel() {
        for source in sources { source.cancel() }
    }
}
