"""The settings of an executor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    #: The consumer's name in its group. It must be the same after a restart, and no other process may have it.
    name: str
    group: str = "execution-layer"
    #: Prefixes of further permits that this execution layer needs besides the host's, each followed by the plan id.
    other_permits: tuple[str, ...] = ()
    #: How long to wait for the permits of a plan, and how often to look, in seconds.
    permit_wait: float = 2.0
    permit_poll: float = 0.05
    #: How long an order may work before its rest is cancelled, in seconds.
    fill_wait: float = 10.0
    #: How long to look for an order's end, in seconds. It must stay well below the host's `answers.reservation_ttl`
    #: (120 s): after that an order without a report no longer counts.
    settle_limit: float = 60.0
    #: The pause between two looks at an order, in seconds.
    look_pause: float = 0.5
    #: Whether Redis may fail over. A failover can bring a consumed permit back, so every order is looked for before it
    #: is placed.
    redis_may_fail_over: bool = False
