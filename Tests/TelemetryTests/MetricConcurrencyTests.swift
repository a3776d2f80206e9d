import Synchronization
import Telemetry
import Testing

@Suite("Metrics updated by several threads at once")
struct MetricConcurrencyTests {
    private static let threads = 8
    private static let rounds = 20_000
    private let registry = MetricRegistry()

    @Test("lose nothing, a counter")
    func counter() throws {
        let counter = try registry.counter("c_total", help: "x")
        let made = updatesUntilThreadsMeet({ counter.increment() }, value: { counter.value })
        #expect(counter.value == made)
    }

    @Test("lose nothing, a gauge")
    func gauge() throws {
        let gauge = try registry.gauge("g", help: "x")
        let made = updatesUntilThreadsMeet({ gauge.add(1) }, value: { Int(gauge.value) })
        #expect(gauge.value == Double(made))
    }

    @Test("lose nothing, a histogram")
    func histogram() throws {
        let histogram = try registry.histogram("h", help: "x", buckets: [1, 2])
        let made = updatesUntilThreadsMeet({ histogram.observe(2) }, value: { histogram.count })
        let text = String(decoding: registry.exposition(), as: UTF8.self)
        #expect(text.contains("h_bucket{le=\"1\"} 0\nh_bucket{le=\"2\"} \(made)\nh_bucket{le=\"+Inf\"} \(made)\n"))
        #expect(text.contains("h_sum \(made * 2)\nh_count \(made)\n"))
    }

    @Test("agree on the series of a family and on which values are beyond its limit")
    func families() throws {
        let family = try registry.counterFamily("c_total", help: "x", labels: ["symbol"], limit: 50)
        let rounds = Self.rounds
        onThreads(Self.threads) { thread in
            for round in 0..<rounds { family.increment("S\((round &* 7 &+ thread) % 100)") }
        }
        let samples = String(decoding: registry.exposition(), as: UTF8.self).split(separator: "\n").dropFirst(2)
        #expect(samples.count == 51)
        #expect(Set(samples.map { $0.prefix { $0 != " " } }).count == 51)
        #expect(
            samples.compactMap { Int($0.drop { $0 != " " }.dropFirst()) }.reduce(0, +) == Self.threads * Self.rounds)
    }

    @Test("are registered once however many ask for them at the same time")
    func registration() throws {
        onThreads(Self.threads) { _ in
            for number in 0..<100 { try? registry.counter("c\(number)_total", help: "x").increment() }
        }
        for number in 0..<100 { #expect(try registry.counter("c\(number)_total", help: "x").value == Self.threads) }
    }

    @Test("show cumulative buckets whose +Inf equals _count and which never fall from one scrape to the next")
    func histogramWhileUpdating() throws {
        let histogram = try registry.histogram("h", help: "x", buckets: [1, 2, 3])
        let isDone = Atomic(false)
        let failures = Mutex<[String]>([])
        onThreads(3) { [registry] thread in
            guard thread == 0 else {
                var value = 0
                while !isDone.load(ordering: .relaxed) {
                    histogram.observe(Double(value % 5))
                    value += 1
                }
                return
            }
            // Only scrapes between which the others got on say anything.
            var scrapesWithNews = 0
            var last = [0, 0, 0, 0]
            for _ in 0..<1_000_000 where scrapesWithNews < 300 {
                let numbers = Self.sampleValues(registry.exposition())
                let buckets = Array(numbers.prefix(4))
                let isRising =
                    zip(buckets, buckets.dropFirst()).allSatisfy { $0 <= $1 }
                    && zip(last, buckets).allSatisfy { $0 <= $1 }
                if numbers.count != 6 || !isRising || buckets.last != numbers.last {
                    failures.withLock { $0.append("\(last) \(numbers)") }
                }
                if buckets != last { scrapesWithNews += 1 }
                last = buckets
            }
            if scrapesWithNews < 300 { failures.withLock { $0.append("no updates seen") } }
            isDone.store(true, ordering: .relaxed)
        }
        #expect(failures.withLock { $0 } == [])
    }

    /// Updates from two threads until each has often seen the other's updates come between its own, since threads that
    /// merely take turns on a busy machine lose nothing in any case; but not for ever, should they have only one
    /// processor. Returns how many updates were made.
    private func updatesUntilThreadsMeet(_ update: @escaping @Sendable () -> Void, value: @escaping @Sendable () -> Int)
        -> Int
    {
        let made = Mutex(0)
        onThreads(2) { _ in
            var (mine, meetings) = (0, 0)
            while meetings < 2_000, mine < 2_000_000 {
                let before = value()
                update()
                mine += 1
                if value() &- before != 1 { meetings += 1 }
            }
            made.withLock { $0 += mine }
        }
        return made.withLock { $0 }
    }

    private static func sampleValues(_ exposition: [UInt8]) -> [Int] {
        String(decoding: exposition, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) } }
    }
}
