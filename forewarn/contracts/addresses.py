"""Addresses of people, checked conservatively: whatever passes is safe in a header and a log-free record."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator


class Way(StrEnum):
    """Ways to a person that the directory keeps an address for; so far only `email` carries notices."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"


_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
_WEBHOOK = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?][!#-;=?-~]*)?")  # no user name, no < > or "


def _email(text: str) -> str:
    address = text.strip().lower()
    if len(address) > 254 or address.find("@") > 64 or not _EMAIL.fullmatch(address):
        raise ValueError("must be one plain address such as ada@example.org")
    return address


def _phone(text: str) -> str:
    number = re.sub(r"[ ()./-]", "", text)
    if not _PHONE.fullmatch(number):
        raise ValueError("must be an international number such as +49 30 901820")
    return number


def _webhook(text: str) -> str:
    url = text.strip()
    if len(url) > 2000 or not _WEBHOOK.fullmatch(url):
        raise ValueError("must be a URL that begins with https:// and holds no user name")
    return url


Email = Annotated[str, AfterValidator(_email)]
Phone = Annotated[str, AfterValidator(_phone)]
Webhook = Annotated[str, AfterValidator(_webhook)]
