"""What this driver can, and why not."""

import platform
from importlib.metadata import version

CANNOT = {
    "duplicate": "redis-py has no duplicate()",
    "manual-transaction": "each command may take another connection of the pool: MULTI belongs to pipeline()",
    "resp2-subscriber-lossless": (
        "redis-py sends no AUTH over a RESP2 subscriber, and connects it again when it is disconnected"
    ),
    "maintenance-notifications": "each command may take another connection of the pool, so that none can be followed",
    "queue-limit": "redis-py has no queue",
    "bullmq": "BullMQ is built on ioredis",
    "clock": "redis-entraid goes by the clock of its machine",
    "copied-options": "redis-py takes arguments, no object of options",
    "options-changed": "redis-py keeps the address that it was made with",
    "server-name": "redis-py has no option for the name in a certificate",
    "error-codes": "errors of redis-py have a class, no code",
}
#: redis-py 6 tries ten times unless it is told otherwise.
CANNOT_UNTIL_6 = {
    "blocked-resent": "redis-py 5 sends nothing again",
    "retries-first-connect": "redis-py 5 connects once",
    "retries-first-login": "redis-py 5 connects once",
    "offline-queue": "redis-py 5 connects once",
}
CAN = [
    "pipeline",
    "transaction",
    "blocking",
    "blocked-resent",
    "subscribe",
    "sharded-subscribe",
    "resp3-subscriber-reauth",
    "waits-for-first-token",
    "retries-first-connect",
    "retries-first-login",
    "offline-queue",
    "offline-queue-off",
    "outage-keeps-queue",
    "monitor",
    "pool",
    "cluster",
    "sentinel",
    "azure-identity",
    "leak-count",
]


CANNOT_IN_CLUSTERS_UNTIL_6 = {"transaction": "the cluster client of redis-py 5 has no MULTI"}


def description() -> dict:
    client = version("redis")
    old = int(client.split(".")[0]) < 6
    elsewhere = {"capabilitiesIn": {"cluster": lacking(CANNOT_IN_CLUSTERS_UNTIL_6)}} if old else {}
    return {
        "protocol": 1,
        "runtime": f"Python {platform.python_version()}",
        "name": "redis-py",
        "clientVersion": client,
        "packages": {"redis-entraid": version("redis-entraid")},
        "capabilities": dict.fromkeys(CAN, True) | lacking(CANNOT | (CANNOT_UNTIL_6 if old else {})),
        "resp": [2, 3],
        "closeWays": ["close"],
        **elsewhere,
    }


def lacking(reasons: dict[str, str]) -> dict:
    return {name: {"supported": False, "because": because} for name, because in reasons.items()}
