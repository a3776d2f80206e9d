"""A consumer that handles one plan after the other, a command a call."""

from consumer import Consumer
from governor import KILL_SWITCH, State, decide
from records import (
    BLOCK, BLOCK_TTL, DECISIONS, OUTCOME, OUTCOME_TTL, PERMIT, PERMIT_TTL, VIOLATIONS, VIOLATIONS_KEPT, block_json,
    decision_record, dump, duplicate, outcome_value, permit_json,
)


class OneAtATime(Consumer):
    def handle(self, entries):
        for entry_id, plan in entries:
            self.handle_plan(entry_id, plan)
            self.redis.xack(self.options.stream, self.options.group, entry_id)

    def handle_plan(self, entry_id, plan):
        first = self.redis.get(OUTCOME + plan["plan_id"])
        if first:
            self.record(duplicate(entry_id, plan, first))
            return
        hashes = [self.redis.hgetall(key) for key in State.keys(plan["symbol"])]
        state = State(*hashes, self.redis.get(KILL_SWITCH))
        decision = decide(entry_id, plan, state)
        if decision.outcome == "permit":
            granted = self.redis.set(PERMIT + decision.plan_id, permit_json(decision), ex=PERMIT_TTL, nx=True)
            if not granted:
                self.record(decision_record(decision) | {"outcome": "duplicate", "reason": "permit_exists"})
                return
        else:
            self.redis.set(BLOCK + decision.plan_id, block_json(decision), ex=BLOCK_TTL, nx=True)
        self.redis.set(OUTCOME + decision.plan_id, outcome_value(decision), ex=OUTCOME_TTL)
        if decision.violation:
            self.redis.xadd(VIOLATIONS, {"json": dump(decision.violation)}, maxlen=VIOLATIONS_KEPT, approximate=True)
        self.record(decision_record(decision))

    def record(self, fields):
        self.redis.xadd(DECISIONS, fields, maxlen=self.options.decision_max_length, approximate=True)


if __name__ == "__main__":
    OneAtATime(__doc__, count=10).run()
