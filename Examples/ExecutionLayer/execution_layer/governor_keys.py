"""The keys and streams that an execution layer shares with the host."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .plan import Plan
from .report import Report
from .settings import Settings

PLANS = "quantum:stream:apply.plan"
RESULTS = "quantum:stream:apply.result"
PERMIT = "quantum:permit:"
BLOCK = "quantum:governor:block:"

#: Reports that the result stream keeps, about.
RESULTS_KEPT = 10_000
#: How long a read waits for a plan, in milliseconds. It must stay below the socket's time limit.
BLOCK_MS = 1_000
SOCKET_TIMEOUT = 5.0


@dataclass(frozen=True)
class Entry:
    id: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Taken:
    permit: str


@dataclass(frozen=True)
class NotTaken:
    error: str
    #: Whether the permit may still come.
    may_come: bool


def connect(url: str) -> redis.Redis:
    """A client that sends every command once: a repeated read or take would hide the first one's answer."""
    return redis.Redis.from_url(
        url,
        decode_responses=True,
        # A plan may hold any bytes. One that is no UTF-8 must not end the process again and again.
        encoding_errors="surrogateescape",
        socket_timeout=SOCKET_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


class GovernorKeys:
    def __init__(self, client: redis.Redis, settings: Settings) -> None:
        self._redis = client
        self._settings = settings
        self._take = client.register_script(Path(__file__).with_name("take.lua").read_text())

    def create_group(self) -> None:
        """Creates this layer's own group. A member of the hosts' group would take plans away from the hosts."""
        try:
            self._redis.xgroup_create(PLANS, self._settings.group, id="$", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def pending(self) -> Iterator[Entry]:
        """The entries that an earlier run read and did not report."""
        last = "0"
        while entries := self._read(last):
            yield from entries
            last = entries[-1].id

    def next(self) -> Entry | None:
        """A new entry. One at a time: an entry that waits here could be handled by another executor."""
        entries = self._read(">")
        return entries[0] if entries else None

    def _read(self, start: str) -> list[Entry]:
        reply = self._redis.xreadgroup(
            self._settings.group, self._settings.name, {PLANS: start}, count=1, block=BLOCK_MS
        )
        return [Entry(id, fields or {}) for _, entries in reply or [] for id, fields in entries]

    def take(self, plan: Plan) -> Taken | NotTaken:
        """Takes the permit, and this layer's other permits with it: all of them or none."""
        keys = [prefix + plan.plan_id for prefix in (PERMIT, *self._settings.other_permits)]
        answer, detail = self._take(keys=keys, args=[plan.symbol])
        if answer == "taken":
            return Taken(detail)
        if answer == "refused":
            return NotTaken("the permit is not granted for this symbol", may_come=False)
        reason = self._block_reason(plan.plan_id)
        if reason is not None:
            return NotTaken(f"blocked: {reason}", may_come=False)
        return NotTaken(f"no permit in time: {detail}", may_come=True)

    def _block_reason(self, plan_id: str) -> str | None:
        try:
            block = self._redis.get(BLOCK + plan_id)
            return None if block is None else str(json.loads(block)["reason"])
        except (redis.ResponseError, ValueError, KeyError, TypeError):
            return "unreadable block record"

    def report(self, entry: Entry, plan_id: str, symbol: str, report: Report) -> None:
        """Reports and acknowledges in one step, so that a plan reported as not executed is never taken up again."""
        with self._redis.pipeline(transaction=True) as commands:
            commands.xadd(RESULTS, report.fields(plan_id, symbol), maxlen=RESULTS_KEPT, approximate=True)
            commands.xack(PLANS, self._settings.group, entry.id)
            commands.execute()

    def skip(self, entry: Entry) -> None:
        """Acknowledges an entry that asks for no order."""
        self._redis.xack(PLANS, self._settings.group, entry.id)
