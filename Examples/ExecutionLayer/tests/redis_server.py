"""A private redis-server on a unix socket."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_LIMIT = 10.0


class RedisServer:
    """Starts with the object, stops with `stop`, and leaves nothing behind."""

    def __init__(self, *arguments: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="execution-layer-test-"))
        self.socket = self._folder / "redis.sock"
        self._log = (self._folder / "redis.log").open("wb")
        self._process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no",
             "--dir", str(self._folder), *arguments],
            stdout=self._log, stderr=self._log)
        self._wait_until_ready()

    def url(self, user: str = "", password: str = "") -> str:
        return f"unix://{f'{user}:{password}@' if user else ''}{self.socket}"

    def stop(self) -> None:
        # It has nothing to save, and a test runner may have left SIGTERM blocked for its children.
        self._process.kill()
        self._process.wait()
        self._log.close()
        shutil.rmtree(self._folder)

    def _wait_until_ready(self) -> None:
        limit = time.monotonic() + START_LIMIT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() >= limit:
                text = (self._folder / "redis.log").read_text()
                self.stop()
                raise RuntimeError(f"redis-server did not start:\n{text}")
            time.sleep(0.01)

    def _answers(self) -> bool:
        """Whether the server answers at all, if only that a login is needed."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_LIMIT)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
            except OSError:
                return False
