import Foundation

/// The assignment of symbols to streams, of streams to shards, and of hosts to streams.
///
/// A host is one intake thread with its own core; a shard is one redis-server with its own core. All plans of a symbol
/// go to one stream, and the symbol's records and reservations lie on that stream's shard, because the commit is one
/// script on one shard.
struct Fleet {
    let hosts: Int
    let shards: Int
    let streams: Int
    let symbols: Int
    /// Each symbol's share of all plans. By Zipf's law the symbol of rank r has the weight r to the power of -`skew`.
    let symbolShares: [Double]
    let symbolsOfStream: [[Int]]
    let shareOfStream: [Double]
    let hostsOfStream: [Int]

    init(hosts: Int, shards: Int, streams: Int, symbols: Int, skew: Double) {
        let streams = max(1, min(streams, hosts, symbols))
        let shards = max(1, min(shards, streams))
        self.hosts = hosts
        self.shards = shards
        self.streams = streams
        self.symbols = symbols
        let weights = (1...symbols).map { pow(Double($0), -skew) }
        let total = weights.reduce(0, +)
        let shares = weights.map { $0 / total }
        symbolShares = shares
        let members = Self.deal(shares, among: streams)
        symbolsOfStream = members
        shareOfStream = members.map { $0.reduce(0) { $0 + shares[$1] } }
        hostsOfStream = (0..<streams).map { hosts / streams + ($0 < hosts % streams ? 1 : 0) }
    }

    func shard(ofStream stream: Int) -> Int { stream % shards }

    func stream(ofHost host: Int) -> Int { host % streams }

    var shareOfShard: [Double] {
        var shares = [Double](repeating: 0, count: shards)
        for stream in 0..<streams { shares[shard(ofStream: stream)] += shareOfStream[stream] }
        return shares
    }

    /// Assigns the busiest symbol first, each to the stream with the smallest load, as an operator would.
    private static func deal(_ shares: [Double], among streams: Int) -> [[Int]] {
        var members = [[Int]](repeating: [], count: streams)
        var loads = [Double](repeating: 0, count: streams)
        for (symbol, share) in shares.enumerated() {
            guard let least = loads.indices.min(by: { loads[$0] < loads[$1] }) else { continue }
            members[least].append(symbol)
            loads[least] += share
        }
        return members
    }
}
