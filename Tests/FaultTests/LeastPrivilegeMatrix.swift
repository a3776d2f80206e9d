/// The commands that each user may and may not give, checked with `ACL DRYRUN`. `;` and line ends separate commands; a
/// line with `#` gives the reason.
enum LeastPrivilegeMatrix {
    /// Commands that Redis must refuse the user.
    static let refused = [
        "gatehost": """
        FLUSHALL; FLUSHDB; KEYS *; SCAN 0; CONFIG GET *; CONFIG SET dir /tmp; ACL LIST; ACL SETUSER x; SHUTDOWN;
        MONITOR; DEBUG SLEEP 0; SCRIPT FLUSH; FUNCTION LOAD x; CLIENT KILL x; CLIENT PAUSE 1; REPLICAOF x 1; SELECT 1;
        MODULE LIST; PUBLISH x y; SUBSCRIBE other; PSUBSCRIBE *
        # It publishes no plans and no reports, deletes none, and destroys no group.
        XADD quantum:stream:apply.plan * a b; XADD quantum:stream:apply.result * a b;
        XTRIM quantum:stream:apply.plan MAXLEN 0; XDEL quantum:stream:apply.plan 1-1; DEL quantum:stream:apply.plan;
        XGROUP DESTROY quantum:stream:apply.plan g; XGROUP SETID quantum:stream:apply.plan g $;
        XREADGROUP GROUP g c STREAMS quantum:stream:governor.events >; XRANGE quantum:stream:governor.decision - +
        # It writes none of the records that gates judge by.
        HSET quantum:portfolio:budget:BTCUSDT budget_usd 1; DEL quantum:portfolio:budget:BTCUSDT;
        HSET quantum:position:snapshot:BTCUSDT position_amt 0; HSET quantum:portfolio:heat heat 0;
        HSET quantum:portfolio:mode mode shadow; SET quantum:kill 0; DEL quantum:kill;
        SET quantum:kill:symbol:BTCUSDT 0; DEL quantum:kill:source:x
        # It writes permits and takes them back, but reads none, and it cannot change its own decisions afterwards.
        GET quantum:permit:x; SET quantum:permit:x y GET; GETDEL quantum:permit:x;
        DEL quantum:governor:block:x; XDEL quantum:stream:governor.decision 1-1; DEL quantum:stream:governor.decision;
        DEL quantum:governor:account:position:BTCUSDT; HSET quantum:governor:reserved:position:BTCUSDT x y;
        RENAME quantum:governor:account:position:BTCUSDT quantum:permit:x; HGETALL quantum:ledger:cash; HGETALL quantum:state:portfolio;
        GET session:1; EVAL x 1 session:1; EVAL x 1 quantum:permit:x
        """,
        "portfolio-risk-governor": """
        FLUSHALL; KEYS *; CONFIG GET *; SCRIPT LOAD x; SET quantum:permit:x y; GET quantum:permit:x;
        SET quantum:governor:block:x y; XADD quantum:stream:apply.plan * a b;
        XADD quantum:stream:governor.decision * a b; XREADGROUP GROUP governor c STREAMS quantum:stream:apply.plan >;
        XACK quantum:stream:apply.plan governor 1-1; HSET quantum:state:portfolio equity_usd 1;
        HSET quantum:position:snapshot:BTCUSDT position_amt 0; HDEL quantum:governor:account:position:BTCUSDT x;
        XREVRANGE quantum:stream:governor.events + -; DEL quantum:stream:governor.events;
        XTRIM quantum:stream:governor.events MAXLEN 0; SET quantum:kill 0; EVAL x 1 quantum:state:portfolio;
        EVAL x 1 quantum:permit:x
        """,
        "portfolio-state-updater": """
        FLUSHALL; KEYS *; EVAL x 0; HSET quantum:portfolio:budget:BTCUSDT budget_usd 1;
        HSET quantum:ledger:cash balance_usd 1; HSET quantum:position:snapshot:BTCUSDT position_amt 0;
        DEL quantum:portfolio:equity_peak; XADD quantum:stream:apply.plan * a b; SET quantum:permit:x y;
        HGETALL quantum:portfolio:budget:BTCUSDT; DEL quantum:portfolio:exchange_pause
        """,
        "position-publisher": """
        FLUSHALL; HSET quantum:state:portfolio equity_usd 1; HSET quantum:portfolio:budget:BTCUSDT budget_usd 1;
        HGETALL quantum:ledger:cash; SET quantum:permit:x y; XADD quantum:stream:apply.plan * a b
        """,
        "plan-producer": """
        FLUSHALL; XADD quantum:stream:apply.result * a b; XADD quantum:stream:governor.decision * a b;
        XTRIM quantum:stream:apply.plan MAXLEN 0; XRANGE quantum:stream:apply.plan - +;
        XACK quantum:stream:apply.plan governor 1-1; SET quantum:permit:x y; GET quantum:permit:x;
        HSET quantum:portfolio:budget:BTCUSDT budget_usd 1; DEL quantum:governor:outcome:x; EVAL x 0
        """,
        "execution-layer": """
        FLUSHALL; SET quantum:permit:x y; SETEX quantum:permit:x 60 y; EXPIRE quantum:permit:x 1;
        PERSIST quantum:permit:x; RENAME quantum:permit:x quantum:permit:y; XADD quantum:stream:apply.plan * a b;
        XGROUP DESTROY quantum:stream:apply.plan governor; XGROUP SETID quantum:stream:apply.plan governor $;
        DEL quantum:governor:block:x; DEL quantum:governor:outcome:x;
        HDEL quantum:governor:account:position:BTCUSDT x; HSET quantum:portfolio:budget:BTCUSDT budget_usd 1;
        SET quantum:kill 0; DEL quantum:stream:apply.plan; XTRIM quantum:stream:apply.result MAXLEN 0;
        EVAL x 1 quantum:kill
        """,
        "operator": """
        FLUSHALL; SET quantum:kill 0; DEL quantum:permit:x; GETDEL quantum:permit:x; SET quantum:permit:x y;
        XACK quantum:stream:apply.plan g 1-1; XADD quantum:stream:apply.plan * a b;
        XREADGROUP GROUP g c STREAMS quantum:stream:apply.plan >; EVAL x 1 quantum:kill; KEYS *; CONFIG GET *;
        ACL LIST; ACL LOG; GET session:1; CLIENT KILL x; MEMORY PURGE; SHUTDOWN
        """,
        "kill-switch": """
        FLUSHALL; DEL quantum:portfolio:mode; SET quantum:killed 1; SET quantum:permit:x y; GET quantum:permit:x;
        EVAL x 1 quantum:permit:x; XADD quantum:stream:apply.plan * a b; XTRIM quantum:stream:governor.events MAXLEN 0;
        XDEL quantum:stream:governor.decision 1-1; DEL quantum:governor:outcome:x
        """,
        "equity-adjuster": """
        FLUSHALL; HSET quantum:state:portfolio equity_usd 1; HSET quantum:portfolio:budget:BTCUSDT budget_usd 1;
        HSET quantum:portfolio:state:lkg equity_usd 1; XTRIM quantum:stream:governor.events MAXLEN 0;
        XREVRANGE quantum:stream:governor.events + -; SET quantum:permit:x y; SET quantum:kill 0
        """,
        "replica": """
        FLUSHALL; GET quantum:kill; SET quantum:kill 0; CONFIG GET *; REPLICAOF x 1
        """,
        "sentinel": """
        FLUSHALL; GET quantum:kill; SET quantum:kill 0; CONFIG GET *; CONFIG SET dir /tmp; SUBSCRIBE x; PSYNC ? -1
        """,
        "default": """
        PING; GET quantum:kill; INFO
        """,
    ]

    /// Commands that the documents tell people to give, and commands that the whole run does not need.
    static let granted = [
        "operator": """
        HGETALL quantum:portfolio:budget:BTCUSDT; GET quantum:governor:outcome:x;
        XREVRANGE quantum:stream:governor.decision + - COUNT 1; XINFO GROUPS quantum:stream:apply.plan;
        XINFO CONSUMERS quantum:stream:apply.plan governor; XPENDING quantum:stream:apply.plan governor - + 10;
        EVAL_RO x 1 quantum:stream:governor.decision; SCAN 0 MATCH quantum:governor:account:*;
        MEMORY USAGE quantum:stream:governor.decision; INFO server; TYPE quantum:stream:apply.plan.dead;
        TTL quantum:permit:x; COMMAND DOCS
        """,
        "kill-switch": """
        SET quantum:kill 1; DEL quantum:kill; SET quantum:kill:symbol:BTCUSDT 1; DEL quantum:kill:source:x;
        SCAN 0 MATCH quantum:kill:*; TIME; EVAL x 0; DEL quantum:permit:x;
        XREVRANGE quantum:stream:governor.decision + - COUNT 1; XADD quantum:stream:governor.events * a b
        """,
        "equity-adjuster": """
        UNWATCH; WATCH quantum:portfolio:equity_peak quantum:portfolio:equity_flows; TIME; MULTI; EXEC;
        HGETALL quantum:portfolio:equity_peak; HGETALL quantum:portfolio:equity_flows;
        DEL quantum:portfolio:equity_peak; HSET quantum:portfolio:equity_flows total_usd 1;
        XADD quantum:stream:governor.events * a b
        """,
        "execution-layer": """
        GETDEL quantum:permit:x; EVALSHA x 3 quantum:permit:x quantum:permit:p33:x quantum:permit:p26:x
        """,
        "gatehost": """
        WAIT 1 100; ROLE; DEL quantum:permit:x; HGETALL quantum:governor:reserved:position:BTCUSDT;
        DEL quantum:governor:reserved:position:BTCUSDT; HGETALL quantum:position:snapshot:BTCUSDT:LONG
        """,
        "portfolio-risk-governor": """
        ROLE; TIME; HGETALL quantum:portfolio:equity_flows
        """,
        "portfolio-state-updater": """
        ROLE; HDEL quantum:portfolio:equity_peak rise_usd;
        GET quantum:portfolio:exchange_pause; PTTL quantum:portfolio:exchange_pause;
        SET quantum:portfolio:exchange_pause banned PX 1
        """,
        "admin": """
        ACL LOAD; FLUSHALL; HDEL quantum:governor:account:position:BTCUSDT x
        """,
    ]

    static func commands(_ text: String) -> [[String]] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.flatMap { $0.split(separator: ";") }
            .map { $0.split(separator: " ").map(String.init) }.filter { !$0.isEmpty }
    }
}
