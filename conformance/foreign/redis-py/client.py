"""Makes redis-py clients for an endpoint of the suite."""

import inspect
from collections.abc import Callable
from typing import Any

from redis import Redis, RedisCluster
from redis.backoff import NoBackoff
from redis.credentials import StreamingCredentialProvider
from redis.retry import Retry
from redis.sentinel import Sentinel

Client = Redis | RedisCluster

PARAMETERS = inspect.signature(Redis.__init__).parameters


def make_client(endpoint: dict, options: dict, credentials: StreamingCredentialProvider) -> Client:
    arguments = connection_arguments(endpoint, options, credentials)
    # redis-py has no option for the name in a certificate: it verifies the name that it dials.
    host, port = endpoint.get("servername", endpoint["host"]), endpoint["port"]
    match endpoint["topology"]:
        case "cluster":
            # It looks "localhost" up, and verifies the address instead of the name; another spelling stays a name.
            host = host.upper() if host == "localhost" else host
            arguments.pop("max_connections", None)
            if "servername" in endpoint:
                arguments["address_remap"] = lambda address: (host, address[1])
            if options.get("readReplicas"):
                arguments["read_from_replicas"] = True
            return build(RedisCluster, host, port, options, arguments)
        case "sentinel":
            tls = {name: value for name, value in arguments.items() if name.startswith("ssl")}
            client = Sentinel([(host, port)], sentinel_kwargs=tls).master_for(endpoint["masterName"], **arguments)
        case _:
            client = build(Redis, host, port, options, arguments)
    answer_as_on_the_wire(client)
    return client


def build(kind: type[Client], host: str, port: int, options: dict, arguments: dict[str, Any]) -> Client:
    user = options.get("userInfo")
    if user is None:
        return kind(host=host, port=port, **arguments)
    scheme = "rediss" if arguments.pop("ssl", False) else "redis"
    return kind.from_url(f"{scheme}://{user['username']}:{user['password']}@{host}:{port}", **arguments)


def connection_arguments(endpoint: dict, options: dict, credentials: StreamingCredentialProvider) -> dict[str, Any]:
    arguments: dict[str, Any] = {"credential_provider": credentials, "decode_responses": True}
    if not options.get("defaultProtocol"):
        arguments["protocol"] = options["resp"]
    if "name" in options:
        arguments["client_name"] = options["name"]
    if options.get("offlineQueue") is False:
        arguments["retry"] = Retry(NoBackoff(), 0)
    if "pool" in options:
        arguments["max_connections"] = options["pool"]["maximum"]
    if "ca" in endpoint:
        arguments |= {"ssl": True, "ssl_ca_data": endpoint["ca"]}
    if "maint_notifications_config" in PARAMETERS:
        from redis.maint_notifications import MaintNotificationsConfig

        wanted = bool(options.get("maintenanceNotifications"))
        arguments["maint_notifications_config"] = MaintNotificationsConfig(enabled=wanted)
    return arguments


def answer_as_on_the_wire(client: Client) -> None:
    """Takes out the callbacks that make `True` of `OK`, but for those that the client itself needs."""
    nodes = [node.redis_connection for node in client.get_nodes()] if isinstance(client, RedisCluster) else [client]
    for node in nodes:
        if node is None:
            continue
        for name in [name for name in node.response_callbacks if not name.startswith(("CLUSTER", "COMMAND"))]:
            del node.response_callbacks[name]


def open_connections(client: Redis, count: int) -> None:
    """A pool has no minimum: these are opened at once, and given back."""
    pool = client.connection_pool
    connections = [get_connection(pool) for _ in range(count)]
    for connection in connections:
        pool.release(connection)


def get_connection(pool: Any) -> Any:
    method: Callable[..., Any] = pool.get_connection
    # The name of a command was needed until redis-py 5.3.
    return method() if "command_name" not in inspect.signature(method).parameters else method("PING")
