"""A consumer that handles plans in batches: one pipeline for all reads of a batch, another for all writes."""

from consumer import Consumer
from governor import KILL_SWITCH, State, decide
from records import (
    BLOCK, BLOCK_TTL, DECISIONS, OUTCOME, OUTCOME_TTL, PERMIT, PERMIT_TTL, VIOLATIONS, VIOLATIONS_KEPT, block_json,
    decision_record, dump, duplicate, outcome_value, permit_json,
)


class Pipelined(Consumer):
    def handle(self, entries):
        outcomes, states = self.read(entries)
        with self.redis.pipeline(transaction=False) as writes:
            seen = {}
            for (entry_id, plan), first in zip(entries, outcomes):
                first = first or seen.get(plan["plan_id"])
                if first:
                    self.record(writes, duplicate(entry_id, plan, first))
                    continue
                decision = decide(entry_id, plan, states[plan["symbol"]])
                seen[decision.plan_id] = outcome_value(decision)
                self.write(writes, decision, seen[decision.plan_id])
            writes.xack(self.options.stream, self.options.group, *(entry_id for entry_id, _ in entries))
            writes.execute()

    def read(self, entries):
        """The earlier outcomes of the plan ids, and the state of each symbol, read once."""
        symbols = {plan["symbol"] for _, plan in entries}
        keys = {symbol: State.keys(symbol) for symbol in symbols}
        distinct = list(dict.fromkeys(key for names in keys.values() for key in names))
        with self.redis.pipeline(transaction=False) as reads:
            reads.mget([OUTCOME + plan["plan_id"] for _, plan in entries])
            reads.get(KILL_SWITCH)
            for key in distinct:
                reads.hgetall(key)
            outcomes, kill, *hashes = reads.execute()
        found = dict(zip(distinct, hashes))
        return outcomes, {symbol: State(*(found[key] for key in names), kill) for symbol, names in keys.items()}

    def write(self, writes, decision, outcome):
        if decision.outcome == "permit":
            writes.set(PERMIT + decision.plan_id, permit_json(decision), ex=PERMIT_TTL, nx=True)
        else:
            writes.set(BLOCK + decision.plan_id, block_json(decision), ex=BLOCK_TTL, nx=True)
        writes.set(OUTCOME + decision.plan_id, outcome, ex=OUTCOME_TTL)
        if decision.violation:
            writes.xadd(VIOLATIONS, {"json": dump(decision.violation)}, maxlen=VIOLATIONS_KEPT, approximate=True)
        self.record(writes, decision_record(decision))

    def record(self, pipeline, fields):
        pipeline.xadd(DECISIONS, fields, maxlen=self.options.decision_max_length, approximate=True)


if __name__ == "__main__":
    Pipelined(__doc__, count=128).run()
