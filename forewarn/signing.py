"""How a webhook is signed (Standard Webhooks 1.0), and the secrets of an endpoint, made from keys and its token."""

import base64
import hmac
from collections.abc import Iterable

_PURPOSE = b"forewarn webhook "


def secrets_of(keys: Iterable[str], token: str) -> tuple[bytes, ...]:
    """The endpoint's own secret of 32 bytes under each key, in the order of the keys; nobody has to keep it."""
    return tuple(hmac.digest(key.encode(), _PURPOSE + token.encode(), "sha256") for key in keys)


def written(secret: bytes) -> str:
    """A secret as receivers' libraries take it."""
    return f"whsec_{_base64(secret)}"


def signed(secrets: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature a secret, so that a receiver may know any one of them.

    `timestamp` in seconds since 1970, as it stands in `webhook-timestamp`.
    """
    content = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return " ".join(f"v1,{_base64(hmac.digest(secret, content, 'sha256'))}" for secret in secrets)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
