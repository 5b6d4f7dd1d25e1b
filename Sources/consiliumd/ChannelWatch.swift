import ConsiliumCore
import NIOConcurrencyHelpers

/// When each site was last heard: a gateway heartbeat, a poll, an operator's request.
final class ChannelWatch: Sendable {
    private let heard = NIOLockedValueBox<[SiteID: Instant]>([:])

    /// - Returns: whether the network's record says that the site is silent, so that a change is to be recorded.
    func hear(_ site: SiteID, at now: Instant, in network: Network) -> Bool {
        heard.withLockedValue { $0[site] = now }
        return !network.hasLiveChannel(site, at: now)
    }

    /// Sites recorded as live that have been silent for longer than the policy allows.
    func silent(at now: Instant, in network: Network) -> [SiteID] {
        let heard = heard.withLockedValue { $0 }
        return network.channels.filter { $0.value.isLive }.keys.sorted()
            .filter { site in
                let last = heard[site] ?? network.channels[site]?.since ?? now
                return now - last > network.policy.channelSilence
            }
    }
}
