"""Where tokens come from: redis-entraid's own extension point, an identity provider."""

import json
import os
import threading
import time
from urllib.error import URLError
from urllib.request import Request, urlopen

from redis.auth.err import RequestTokenErr
from redis.auth.idp import IdentityProviderInterface
from redis.auth.token import JWToken, TokenInterface
from redis.auth.token_manager import RetryPolicy, TokenManagerConfig
from redis_entraid.cred_provider import EntraIdCredentialsProvider
from redis_entraid.identity_provider import DefaultAzureCredentialProvider

SCOPE = "https://redis.azure.com/.default"
REQUEST_TIMEOUT_S = 10


class UrlIdentityProvider(IdentityProviderInterface):
    """Keeps its token until it expires, as MSAL does behind redis-entraid's providers.

    redis-entraid forces a refresh at each start and renewal of each client. All of them get one token here, unless
    `forces`: then each gets its own, as from redis-entraid's providers.
    """

    def __init__(self, token_url: str, forces: bool = False) -> None:
        self._request = Request(token_url, headers={"Metadata": "true"})
        self._forces = forces
        self._lock = threading.Lock()
        self._token: TokenInterface | None = None
        self._old_at = 0.0

    def request_token(self, force_refresh: bool = False) -> TokenInterface:
        with self._lock:
            refresh = force_refresh and (self._forces or time.time() >= self._old_at)
            if refresh or self._token is None or self._token.is_expired():
                self._token = self._fetch()
                self._old_at = time.time() + self._token.ttl() / 2000
            return self._token

    def _fetch(self) -> TokenInterface:
        try:
            with urlopen(self._request, timeout=REQUEST_TIMEOUT_S) as response:
                return JWToken(json.load(response)["access_token"])
        except (URLError, OSError, ValueError, KeyError) as error:
            raise RequestTokenErr(f"the identity provider did not answer with a token: {error}") from error


def azure_identity_provider(credential: dict) -> IdentityProviderInterface:
    """A credential of azure-identity. The process belongs to this application, and so does its environment."""
    import azure.identity

    env = dict(credential["env"])
    os.environ.clear()
    os.environ.update(env)
    # What Node calls NODE_EXTRA_CA_CERTS.
    if "NODE_EXTRA_CA_CERTS" in env:
        os.environ["REQUESTS_CA_BUNDLE"] = env["NODE_EXTRA_CA_CERTS"]
    kind = getattr(azure.identity, credential["name"])
    # The fake authority is not one that Microsoft's list names.
    options = {} if kind is azure.identity.AzureCliCredential else {"disable_instance_discovery": True}
    return DefaultAzureCredentialProvider(kind(**options), (SCOPE,))


def credentials_provider(identity: IdentityProviderInterface) -> EntraIdCredentialsProvider:
    """One for each client: a provider has a single callback, which the last client takes from those before it."""
    return EntraIdCredentialsProvider(
        identity, TokenManagerConfig(0.6, 0, REQUEST_TIMEOUT_S * 1000, RetryPolicy(10, 100))
    )
