@testable import Deployment
import Testing

@Suite("The configuration in words")
struct RenderingTests {
    @Test("shows the pipeline first, then the sections, each value with its source")
    func described() throws {
        let text = """
            intake: { batch: 5 }
            gates:
              - gate: p28-budget
                mode: shadow
                settings: { share: 0.25 }
              - { gate: plain, mode: off }
            """
        let described = try parse(text, environment: ["P28_MODE": "enforce"]).get().described()
        #expect(
            described == """
                host.yaml: configuration b835fbbe4f3a77db

                pipeline (first_gate: p28-budget, default)
                  1. p28-budget
                     mode              enforce  P28_MODE
                     on_failure        allow    default
                     deadline          5ms      default
                     alarm_share       0.5      default
                     alarm_count       none     default
                     on_alarm          alert    default
                     settings.max_age  5m       default
                     settings.share    0.25     host.yaml:5:24
                     settings.strict   false    default
                     settings.orders   10       default
                  2. plain
                     mode         off    host.yaml:6:26
                     on_failure   allow  default
                     deadline     5ms    default
                     alarm_share  0.5    default
                     alarm_count  none   default
                     on_alarm     alert  default

                redis
                  url              redis://localhost:6379/0  default
                  connect_timeout  2s                        default
                  command_timeout  2s                        default
                  wait_replicas    0                         default
                  wait_timeout     100ms                     default

                intake
                  stream           quantum:stream:apply.plan  default
                  streams          none                       default
                  sources          none                       default
                  group            governor                   default
                  consumer         none                       default
                  start            beginning                  default
                  batch            5                          host.yaml:1:18
                  max_entry_bytes  1048576                    default
                  block            250ms                      default
                  busy_poll        1ms                        default
                  claim_after      30s                        default
                  claim_interval   5s                         default
                  cache_records    true                       default
                  expire_after     1m                         default

                plans
                  on_bad_plan  block  default

                answers
                  permit_ttl              1m                                default
                  block_ttl               1h                                default
                  outcome_ttl             24h                               default
                  reservation_ttl         2m                                default
                  shown_margin            5s                                default
                  reduce_only             honoured                          default
                  result_stream           quantum:stream:apply.result       default
                  decision_stream         quantum:stream:governor.decision  default
                  decision_max_length     100000                            default
                  dead_letter_stream      quantum:stream:apply.plan.dead    default
                  dead_letter_max_length  100000                            default
                  dead_letter_max_bytes   536870912                         default
                  plan_max_bytes          16384                             default
                  allow_eviction          false                             default
                  record_inputs           false                             default

                containment
                  decision_deadline  500ms  default
                  breaker_failures   5      default
                  breaker_window     1m     default
                  breaker_share      0.1    default
                  breaker_pause      30s    default
                  breaker_probes     3      default
                  crash_limit        3      default
                  crash_window       1h     default
                  journal            none   default
                  max_deliveries     10     default
                  alarm_window       1m     default
                  alarm_minimum      20     default

                admin
                  listen         127.0.0.1:8044  default
                  allowed_hosts  none            default
                  symbols        none            default

                log
                  level  info       default
                  style  automatic  default

                """)
    }

    @Test("is a Markdown reference of the host and its gates")
    func reference() throws {
        let markdown = ConfigurationReference(try testRegistry()).markdown
        for line in [
            """
            | `first_gate` | text | `p28-budget` |  | Gate that must come first in the pipeline; any other order is \
            refused |
            """,
            """
            | `mode` | one of shadow, enforce, off | required |  | shadow: verdicts are recorded, nothing changes; \
            enforce: they count; off: not evaluated |
            """,
            "| `batch` | integer, 1...1024 | `128` |  | Most intents read and decided at once |",
            "| `share` | decimal, 0...1 | `0.5` | `BUDGET_SHARE` | Largest share |",
            "| `orders` | integer, orders, 1...100 | `10` |  | Orders a day |",
            "Mode variable: `P28_MODE`.", "Reads `test:budget:{symbol}`, `test:budget`.",
            "| `budget_over` | Over \\| budget. |", "No settings.",
        ] {
            #expect(markdown.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
    }
}
