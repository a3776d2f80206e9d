"""Runs an executor on a simulated exchange: `python3 -m execution_layer --redis URL --name NAME`."""

import argparse
import logging
import signal

from .executor import Executor
from .governor_keys import GovernorKeys, connect
from .settings import Settings
from .simulated_exchange import SimulatedExchange


def main() -> None:
    parser = argparse.ArgumentParser(prog="execution_layer", description=__doc__)
    parser.add_argument("--redis", default="redis://localhost:6379/0", help="redis:// or unix:// URL")
    parser.add_argument("--name", required=True, help="the consumer's name, the same after a restart")
    parser.add_argument("--hedge-mode", action="store_true", help="the simulated account holds two legs")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")

    settings = Settings(name=options.name)
    # An order at the simulated exchange ends with this process, so nothing is left to look for after a restart.
    exchange = SimulatedExchange(hedge_mode=options.hedge_mode)
    executor = Executor(GovernorKeys(connect(options.redis), settings), exchange, settings)
    stopping = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(True))
    executor.run(is_stopping=lambda: bool(stopping))


if __name__ == "__main__":
    main()
