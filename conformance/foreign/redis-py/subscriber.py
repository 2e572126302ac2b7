"""Subscriptions of a client: one PubSub object, and the thread that reads from it."""

import threading
import time
from collections.abc import Callable
from typing import Any

from redis import RedisCluster

from client import Client

SUBSCRIBE = {"channel": "subscribe", "pattern": "psubscribe", "sharded": "ssubscribe"}
KINDS = {"message": "channel", "pmessage": "pattern", "smessage": "sharded"}
CONFIRMED_WITHIN_S = 10


class Subscriber:
    def __init__(
        self, client: Client, on_message: Callable[[str, str, str], None], on_error: Callable[[Exception], None]
    ) -> None:
        self._pubsub = client.pubsub()
        self._in_cluster = isinstance(client, RedisCluster)
        self._on_message = on_message
        self._on_error = on_error
        self._confirmed = threading.Condition()
        self._subscribed: set[tuple[str, str]] = set()
        self._closed = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def subscribe(self, channel: str, kind: str) -> None:
        getattr(self._pubsub, SUBSCRIBE[kind])(channel)
        self._wait_for(lambda: (SUBSCRIBE[kind], channel) in self._subscribed)

    def unsubscribe(self, channel: str, kind: str) -> None:
        getattr(self._pubsub, SUBSCRIBE[kind].replace("sub", "unsub"))(channel)
        self._wait_for(lambda: (SUBSCRIBE[kind], channel) not in self._subscribed)

    def close(self) -> None:
        self._closed.set()
        self._pubsub.close()

    def _wait_for(self, condition: Callable[[], bool]) -> None:
        with self._confirmed:
            if not self._confirmed.wait_for(condition, CONFIRMED_WITHIN_S):
                raise TimeoutError(f"not confirmed within {CONFIRMED_WITHIN_S} s")

    def _read(self) -> None:
        while not self._closed.is_set():
            try:
                self._take(self._pubsub.get_message(timeout=0.02))
                if self._in_cluster and self._pubsub.node_pubsub_mapping:
                    self._take(self._pubsub.get_sharded_message(timeout=0.02))
            except Exception as error:
                if self._closed.is_set():
                    return
                self._on_error(error)
                time.sleep(0.05)

    def _take(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        if message["type"] in KINDS:
            self._on_message(message["pattern"] or message["channel"], KINDS[message["type"]], message["data"])
        else:
            self._confirm(message["type"], message["channel"])

    def _confirm(self, command: str, channel: str) -> None:
        with self._confirmed:
            if "unsub" in command:
                self._subscribed.discard((command.replace("unsub", "sub"), channel))
            else:
                self._subscribed.add((command, channel))
            self._confirmed.notify_all()
