"""One client, used as an application uses it: from one thread, and from another one for each command that blocks."""

import queue
import threading
from collections.abc import Callable
from typing import Any

from redis import RedisCluster

from client import Client, answer_as_on_the_wire, open_connections
from subscriber import Subscriber

BLOCKING = {"BLPOP", "BRPOP", "BLMOVE", "BLMPOP", "BRPOPLPUSH", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "WAIT"}


def blocks(args: list[str]) -> bool:
    return args[0].upper() in BLOCKING or "BLOCK" in (arg.upper() for arg in args[1:3])


class Session:
    def __init__(self, connect: Callable[[], Client], tell: Callable[..., None], minimum: int) -> None:
        """`connect`: a cluster client connects where it is made, so that each command tries until there is one."""
        self._connect = connect
        self._tell = tell
        self._minimum = minimum
        self._client: Client | None = None
        self._subscriber: Subscriber | None = None
        self._closed = False
        self._tasks: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def in_turn(self, task: Callable[[], None]) -> None:
        self._tasks.put(task)

    def first_connect(self) -> None:
        try:
            self.command(["PING"])
            if self._minimum > 1:
                open_connections(self.client, self._minimum)
        except Exception as error:
            self.tell_error(error)

    def command(self, args: list[str]) -> Any:
        reply = self.client.execute_command(*args)
        # A cluster client sends PING to every node, and a node that it has just met still has its callbacks.
        return ("PONG" if args[0] == "PING" else "OK") if reply is True else reply

    def pipeline(self, commands: list[list[str]], transaction: bool = False) -> list[Any]:
        pipeline = self.client.pipeline(transaction=transaction)
        for args in commands:
            pipeline.execute_command(*args)
        return pipeline.execute()

    def subscribe(self, channel: str, kind: str) -> None:
        if self._subscriber is None:
            self._subscriber = Subscriber(self.client, self._tell_message, self.tell_error)
        self._subscriber.subscribe(channel, kind)

    def unsubscribe(self, channel: str, kind: str) -> None:
        if self._subscriber is not None:
            self._subscriber.unsubscribe(channel, kind)

    def monitor(self) -> None:
        started = threading.Event()
        threading.Thread(target=self._watch, args=(started,), daemon=True).start()
        started.wait()

    def describe(self) -> str:
        if self._client is None:
            return ""
        return f"{self._client!r} {self._client.get_connection_kwargs()!r}"

    def close(self) -> Client | None:
        """Answers the client that was closed."""
        self._closed = True
        if self._subscriber is not None:
            self._subscriber.close()
        client, self._client = self._client, None
        if client is not None:
            client.close()
        return client

    def make_client(self) -> None:
        self._client = self._connect()

    @property
    def client(self) -> Client:
        if self._closed:
            raise RuntimeError("the client was closed")
        if self._client is None:
            self.make_client()
        if isinstance(self._client, RedisCluster):
            answer_as_on_the_wire(self._client)
        return self._client

    def _work(self) -> None:
        while True:
            self._tasks.get()()

    def _watch(self, started: threading.Event) -> None:
        try:
            with self.client.monitor() as monitor:
                started.set()
                for line in monitor.listen():
                    self._tell(event="monitor", line=line["command"])
        except Exception as error:
            self.tell_error(error)
        finally:
            started.set()

    def _tell_message(self, channel: str, kind: str, message: str) -> None:
        self._tell(event="message", channel=channel, kind=kind, message=message)

    def tell_error(self, error: Exception) -> None:
        if not self._closed:
            self._tell(event="error", text=shown(error))


def shown(error: BaseException | None) -> str:
    """What a traceback shows of it: its type, its text, and those of its causes."""
    texts: list[str] = []
    while error is not None:
        texts.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return "; caused by ".join(texts)
