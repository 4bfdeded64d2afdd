"""Signatures of AWS (Signature Version 4), computed again with botocore's own signer."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from forewarn.dev.sandbox.ses.faults import Fault

SECRETS = {"sandbox": "sandbox"}
"""Secret keys by access key; a call under another key is checked for its form only."""

SKEW = timedelta(minutes=5)
SERVICE = "ses"

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
    r",\s*SignedHeaders=(?P<names>[a-z0-9;-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


def unsigned(method: str, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Fault | None:
    """Why the call is not signed as it must be, or None. `url` is whole, `headers` are found in any case."""
    given = headers.get("Authorization", "")
    if not given:
        return Fault(403, "Missing Authentication Token", "MissingAuthenticationTokenException")
    found = _AUTHORIZATION.fullmatch(given)
    if found is None:
        return Fault(403, "Authorization header is no AWS4-HMAC-SHA256 one.", "IncompleteSignatureException")
    if found["service"] != SERVICE:
        return _wrong(f"Credential should be scoped to correct service: '{SERVICE}'.")
    names, stamp = found["names"].split(";"), headers.get("X-Amz-Date", "")
    if not {"host", "x-amz-date"} <= set(names) or any(name not in headers for name in names):
        return _wrong("SignedHeaders must name host and x-amz-date, and be sent.")
    if not _in_time(stamp, found["date"], now):
        return _wrong(f"Signature expired or not yet current: {stamp} is not within 5 minutes of {now:%Y%m%dT%H%M%SZ}.")
    declared = headers.get("X-Amz-Content-SHA256")
    if declared not in (None, hashlib.sha256(body).hexdigest()):
        return _wrong("X-Amz-Content-SHA256 is not that of the body.")
    secret = SECRETS.get(found["key"])
    if secret is None:
        return None
    signed = {name: headers[name] for name in names}
    if not hmac.compare_digest(_signature(method, url, signed, body, found, secret), found["signature"]):
        return _wrong("The request signature we calculated does not match the signature you provided.")
    return None


def _signature(
    method: str, url: str, signed: Mapping[str, str], body: bytes, found: "re.Match[str]", secret: str
) -> str:
    from botocore.auth import SigV4Auth  # here: it would add a tenth of a second to every start of a sandbox
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest(method, url, signed, body)
    request.context["timestamp"] = signed["x-amz-date"]
    signer = SigV4Auth(Credentials(found["key"], secret), SERVICE, found["region"])
    text: str = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return text


def _in_time(stamp: str, date: str, now: datetime) -> bool:
    try:
        signed = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return stamp.startswith(date) and abs(now - signed) <= SKEW


def _wrong(message: str) -> Fault:
    return Fault(403, message, "InvalidSignatureException")
