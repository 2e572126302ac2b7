"""A driver of entra-redis' conformance suite for redis-py with redis-entraid: JSON lines on stdin and stdout."""

import functools
import gc
import json
import logging
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

from redis.auth.err import TokenRenewalErr
from redis.auth.idp import IdentityProviderInterface

from client import make_client
from describe import description
from identity import UrlIdentityProvider, azure_identity_provider, credentials_provider
from session import Session, blocks, shown

output = threading.Lock()


def tell(**line: Any) -> None:
    with output:
        sys.__stdout__.write(json.dumps(line, default=plain) + "\n")
        sys.__stdout__.flush()


def plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, set | frozenset):
        return list(value)
    return str(value)


def answer(number: int, call: Callable[[], Any]) -> None:
    try:
        result = call()
    except Exception as error:
        tell(id=number, error={"message": shown(error), "type": type(error).__name__})
    else:
        tell(id=number, result=result)


class Told(logging.Handler):
    """What redis-py and redis-entraid tell their user beside exceptions: by asyncio, whose loop renews tokens."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        refused = "TokenRenewalErr" in shown(error) or isinstance(error, TokenRenewalErr)
        kind = "reauthentication-failed" if refused else "failed" if error else "warning"
        tell(event="application", type=kind, text=f"{record.getMessage()} {shown(error)}")


class Driver:
    def __init__(self) -> None:
        self._identity: IdentityProviderInterface | None = None
        self._sessions: dict[int, Session] = {}
        self._closed_clients: list[weakref.ref] = []

    def carry_out(self, number: int, method: str, params: dict) -> None:
        reply = functools.partial(answer, number)
        match method:
            case "describe-driver":
                reply(description)
            case "start":
                reply(lambda: self._start(params))
            case "open":
                reply(lambda: self._open(params))
            case "describe-application":
                reply(lambda: repr(self._identity))
            case "leaked-clients":
                reply(self._leaked)
            case "close-application":
                reply(lambda: None)
            case _:
                self._ask(self._sessions[params["session"]], reply, method, params)

    def _ask(self, session: Session, reply: Callable, method: str, params: dict) -> None:
        match method:
            case "command" if blocks(params["args"]):
                threading.Thread(target=reply, args=(lambda: session.command(params["args"]),), daemon=True).start()
            case "command":
                session.in_turn(lambda: reply(lambda: session.command(params["args"])))
            case "ready":
                session.in_turn(lambda: reply(lambda: session.command(["PING"])))
            case "pipeline" | "transaction":
                session.in_turn(lambda: reply(lambda: session.pipeline(params["commands"], method == "transaction")))
            case "subscribe":
                session.in_turn(lambda: reply(lambda: session.subscribe(params["channel"], params["kind"])))
            case "unsubscribe":
                session.in_turn(lambda: reply(lambda: session.unsubscribe(params["channel"], params["kind"])))
            case "monitor":
                session.in_turn(lambda: reply(session.monitor))
            case "connected":
                reply(lambda: None)  # redis-py connects when it has something to send, and does not say.
            case "describe":
                reply(session.describe)
            case "close":
                reply(lambda: self._close(session))
            case _:
                reply(lambda: unknown(method))

    def _start(self, params: dict) -> None:
        credential = params.get("credential")
        forces = "--force" in sys.argv
        self._identity = (
            azure_identity_provider(credential) if credential else UrlIdentityProvider(params["tokenUrl"], forces)
        )

    def _open(self, params: dict) -> None:
        endpoint, options, number = params["endpoint"], params["options"], params["session"]
        connect = functools.partial(make_client, endpoint, options, credentials_provider(self._identity))
        session = Session(connect, functools.partial(tell, session=number), options.get("pool", {}).get("minimum", 0))
        # A client refuses options where it is made; that of a cluster connects there, too.
        if endpoint["topology"] != "cluster":
            session.make_client()
        self._sessions[number] = session
        session.in_turn(session.first_connect)

    def _close(self, session: Session) -> None:
        client = session.close()
        if client is not None:
            self._closed_clients.append(weakref.ref(client))

    def _leaked(self) -> int:
        gc.collect()
        return sum(reference() is not None for reference in self._closed_clients)


def unknown(method: str) -> None:
    raise NotImplementedError(f"this driver has no method {method}")


def main() -> None:
    logging.basicConfig(level=logging.WARNING, handlers=[Told()])
    driver = Driver()
    for line in sys.stdin:
        request = json.loads(line)
        driver.carry_out(request["id"], request["method"], request.get("params", {}))


if __name__ == "__main__":
    main()
