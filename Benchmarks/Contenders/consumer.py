"""The base of both consumers: options, a connection, a loop."""

import argparse
import signal

import redis


class Consumer:
    """The options, the connection, the group, and the loop until SIGTERM. A subclass handles the entries."""

    def __init__(self, description, count):
        parser = argparse.ArgumentParser(description=description)
        for name in ("socket", "stream", "group", "consumer"):
            parser.add_argument(f"--{name}", required=True)
        parser.add_argument("--batch", type=int, default=count)
        parser.add_argument("--decision-max-length", type=int, required=True)
        self.options = parser.parse_args()
        if not redis.connection.HIREDIS_AVAILABLE:
            raise SystemExit("redis-py runs without its C parser: install hiredis (python3-hiredis)")
        self.redis = redis.Redis(unix_socket_path=self.options.socket, decode_responses=True)
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def stop(self, *_):
        self.stopping = True

    def run(self):
        options = self.options
        try:
            self.redis.xgroup_create(options.stream, options.group, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
        while not self.stopping:
            reply = self.redis.xreadgroup(
                options.group, options.consumer, {options.stream: ">"}, count=options.batch, block=250)
            for _, entries in reply:
                self.handle(entries)

    def handle(self, entries):
        raise NotImplementedError
