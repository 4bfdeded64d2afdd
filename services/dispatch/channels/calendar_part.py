"""An entry for the reader's calendar as mails carry it, the same for all readers of a batch (RFC 6047)."""

from base64 import b64encode, encodebytes

from forewarn.content import Calendar

FILE = "invite.ics"
"""The name by which mail programs know an entry that they show already, though nobody is invited."""


def around(calendar: Calendar | None, boundary: str) -> tuple[str, str]:
    """What stands before the first alternative of a mail by SMTP, and after the last.

    An entry stands there twice: as one more alternative, the last, where mail programs look for one to show, and as a
    file, for whoever has another calendar. The file is of another type, so that no program shows two.
    """
    alternatives = f'Content-Type: multipart/alternative; boundary="{boundary}"\n\n'
    if calendar is None:
        return alternatives, f"--{boundary}--\n"
    outer = f"=_with{boundary}"  # neither may be how the other begins (RFC 2046 §5.1.1)
    encoded = f"Content-Transfer-Encoding: base64\n\n{encodebytes(calendar.text.encode()).decode()}"
    return (
        f'Content-Type: multipart/mixed; boundary="{outer}"\n\n--{outer}\n{alternatives}',
        f"--{boundary}\nContent-Type: {_media_type(calendar)}\n{encoded}--{boundary}--\n"
        f'--{outer}\nContent-Type: application/ics; name="{FILE}"\n'
        f'Content-Disposition: attachment; filename="{FILE}"\n{encoded}--{outer}--\n',
    )


def attached(calendar: Calendar) -> dict[str, str]:
    """As a file of a template of SES, which makes a mail's parts itself and has no third alternative."""
    return {
        "FileName": FILE,
        "ContentType": _media_type(calendar),
        "ContentDisposition": "ATTACHMENT",
        "ContentTransferEncoding": "BASE64",
        "RawContent": b64encode(calendar.text.encode()).decode(),
    }


def _media_type(calendar: Calendar) -> str:
    """It names the method that stands in the entry, too (RFC 6047 §2.4)."""
    return f"text/calendar; charset=utf-8; method={calendar.method}"
