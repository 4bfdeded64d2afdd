"""AWS by its standard environment: region, endpoint, credentials and signatures, all as botocore finds and makes them.

No client of botocore sends: it retries on its own, and its serializer costs most of a call.
"""

import asyncio
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from ssl import SSLContext, create_default_context
from urllib.parse import urlsplit

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.utils import get_environ_proxies
from yarl import URL

from forewarn.runtime.logs import logger
from forewarn.runtime.settings import on_this_machine
from services.dispatch.settings import Unusable

log = logger(__name__)

SPARE_SECONDS = 60
"""Credentials that expire sooner than this are not signed with."""
AGAIN_SECONDS = 5.0
"""From one renewal to the next: botocore may keep quiet about one that failed while the old ones serve."""

REGION_MISSING = "AWS_REGION: SES needs a region, such as eu-central-1; or set AWS_PROFILE to a profile that has one"
CREDENTIALS_MISSING = (
    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or a role of the machine: SES needs credentials"
)
UNREADABLE = (
    "AWS: {}: look at AWS_PROFILE and the files of AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE"
    " (`aws sts get-caller-identity` says more)"
)


class Keys:
    """Credentials, renewed ahead of their end on another thread: a provider of them may ask the network."""

    def __init__(self, credentials: Credentials) -> None:
        self._found, self._frozen = credentials, None
        self._renewing: asyncio.Task[None] | None = None
        self._tried_at = -AGAIN_SECONDS
        if not isinstance(credentials, RefreshableCredentials):
            self._frozen = credentials.get_frozen_credentials()

    async def now(self) -> ReadOnlyCredentials | None:
        """Usable ones, at once unless there are none yet; None when there are none to be had."""
        if isinstance(self._found, RefreshableCredentials) and (self._frozen is None or self._found.refresh_needed()):
            if self._renewing is None and time.monotonic() - self._tried_at >= AGAIN_SECONDS:
                self._tried_at = time.monotonic()
                self._renewing = asyncio.create_task(self._renew())
            if self._renewing is not None and self._stale():
                await asyncio.shield(self._renewing)
            if self._stale():
                return None
        return self._frozen

    def _stale(self) -> bool:
        return self._frozen is None or bool(self._found.refresh_needed(refresh_in=SPARE_SECONDS))

    async def _renew(self) -> None:
        try:
            self._frozen = await asyncio.to_thread(self._found.get_frozen_credentials)
        except Exception as fault:  # each of botocore's providers fails in its own way
            log.error("aws_credentials_not_renewed", error=type(fault).__name__)
        finally:
            self._renewing = None


@dataclass(frozen=True, slots=True)
class Aws:
    """Where an operation of a service is called, and by whom; `beside` has the URLs of others by their names."""

    url: str
    region: str
    signing_name: str
    keys: Keys
    proxy: str | None = None
    tls: SSLContext | None = None
    beside: Mapping[str, str] = field(default_factory=dict)

    async def headers(self, body: bytes) -> Mapping[str, str] | None:
        """Those of a POST of this body, signed; None when there are no credentials to be had."""
        return await self.signed("POST", self.url, body)

    async def signed(self, method: str, url: str, body: bytes = b"") -> Mapping[str, str] | None:
        """The headers of such a request to this service, signed; None when there are no credentials to be had."""
        if (keys := await self.keys.now()) is None:
            return None
        said = {
            "Host": _host(url),
            "Content-Type": "application/json",
            "X-Amz-Content-SHA256": sha256(body).hexdigest(),
        }
        request = AWSRequest(method, url, headers=said)  # the signer finds both, at some cost, if they are not said
        SigV4Auth(keys, self.signing_name, self.region).add_auth(request)
        return dict(request.headers.items())


@lru_cache
def _host(url: str) -> str:
    return URL(url).host_port_subcomponent or ""


def find_aws(service: str, operation: str, *beside: str) -> Aws:
    """As AWS's own tools would find it; may ask the network, for a role. Raises Unusable with what to set.

    `beside` names operations that are called as well, now and then.
    """
    try:
        session = botocore.session.get_session()
        region = os.environ.get("AWS_REGION") or session.get_config_variable("region")
        if not region:
            raise Unusable(REGION_MISSING)
        credentials = session.get_credentials()
        if credentials is None:
            raise Unusable(CREDENTIALS_MISSING)
        client = session.create_client(service, region_name=region)  # for what it knows: it never sends
    except Unusable:
        raise
    except Exception as fault:  # each of botocore's providers fails in its own way, and its text can hold a secret
        raise Unusable(UNREADABLE.format(type(fault).__name__)) from None
    model = client.meta.service_model
    place = client.meta.endpoint_url.rstrip("/")
    url = place + model.operation_model(operation).http["requestUri"]
    scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
    bundle = session.get_config_variable("ca_bundle")
    return Aws(
        url=url,
        region=client.meta.region_name,
        signing_name=model.signing_name,
        keys=Keys(credentials),
        proxy=None if on_this_machine(host) else get_environ_proxies(url).get(scheme),
        tls=create_default_context(cafile=bundle) if bundle else None,
        beside={each: place + model.operation_model(each).http["requestUri"] for each in beside},
    )
