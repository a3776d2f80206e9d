"""The way of a plan: wait for its permit, take it, place the order, follow it, report."""

import logging
import time
from collections.abc import Callable

from .cooldowns import Cooldowns
from .exchange import Exchange, Unclear
from .governor_keys import Entry, GovernorKeys, NotTaken, Taken
from .order import client_order_id
from .permit import Permit, PermitError
from .placement import NeverArrived, Placement
from .plan import Plan, PlanError
from .report import Report
from .settings import Settings
from .sizing import Unplaceable, order_for

log = logging.getLogger(__name__)


class Executor:
    """Handles one plan at a time.

    It keeps no state of its own. A plan's entry stays pending until its report is written, so a process that dies finds
    the plan again, and the exchange knows the order by a name made from the plan id. An error of Redis ends the
    process: its supervisor starts it again, and that is the one way of recovery.
    """

    def __init__(self, keys: GovernorKeys, exchange: Exchange, settings: Settings) -> None:
        self._keys = keys
        self._exchange = exchange
        self._settings = settings
        self._placement = Placement(exchange, settings)
        self._cooldowns = Cooldowns()
        # The process before this one had ended by now, so it sent its last order earlier.
        self._started_at = time.monotonic()

    def run(self, is_stopping: Callable[[], bool]) -> None:
        """Recovers, then handles plans until it is told to stop. Finishes the plan in hand first."""
        self.recover()
        while not is_stopping():
            self.step()

    def recover(self) -> None:
        """Handles the plans that an earlier run left without a report."""
        self._keys.create_group()
        for entry in self._keys.pending():
            self._handle(entry, is_redelivered=True)

    def step(self) -> None:
        """Handles the next plan, if one comes."""
        entry = self._keys.next()
        if entry is not None:
            self._handle(entry, is_redelivered=False)

    def _handle(self, entry: Entry, is_redelivered: bool) -> None:
        if not Plan.wants_execution(entry.fields):
            if not entry.fields:
                log.error("entry %s was deleted before its plan was reported: check its order by hand", entry.id)
            return self._keys.skip(entry)
        plan_id, symbol = entry.fields["plan_id"], entry.fields["symbol"].upper()
        try:
            report = self._execute(Plan.parse(entry.fields), is_redelivered)
        except PlanError as error:
            report = Report.not_placed(str(error))
        log.info("%s %s: %s", plan_id, symbol, report)
        self._keys.report(entry, plan_id, symbol, report)

    def _execute(self, plan: Plan, is_redelivered: bool) -> Report:
        if is_redelivered or self._settings.redis_may_fail_over:
            # The permit may have been consumed before, and the order placed. Only the exchange knows.
            name, sent_before = client_order_id(plan.plan_id), self._started_at
            found = self._placement.look_up(plan.symbol, name, sent_before)
            if not isinstance(found, NeverArrived):
                return Report.of(found)
        if self._cooldowns.is_on(plan.symbol) and not plan.is_capped:
            return Report.not_placed("the symbol cools down")
        taken = self._wait_for_permit(plan)
        if isinstance(taken, NotTaken):
            # From here on the permit must not be taken: the host revokes it and may permit the plan again.
            return Report.not_placed(taken.error)
        try:
            permit = Permit.parse(taken.permit)
            order = order_for(plan, permit, self._exchange)
        except (PermitError, Unplaceable, Unclear) as error:
            return Report.not_placed(f"{type(error).__name__}: {error}")
        self._cooldowns.start(plan.symbol, permit.extra_cooldown_sec)
        return Report.of(self._placement.place(order))

    def _wait_for_permit(self, plan: Plan) -> Taken | NotTaken:
        limit = time.monotonic() + self._settings.permit_wait
        while True:
            answer = self._keys.take(plan)
            if isinstance(answer, Taken) or not answer.may_come or time.monotonic() >= limit:
                return answer
            time.sleep(self._settings.permit_poll)
