"""Calls found by number and by address."""

from forewarn.dev.sandbox.index import Index
from forewarn.dev.sandbox.lines import Provider


def test_webhooks_between_mails_lead_no_search_astray() -> None:
    index = Index()
    index.add(Provider.WEBHOOK, 1, (0, 10), [])
    index.add(Provider.SES, 2, (10, 10), [["u@x"], ["V@x"], ["u@x"]])
    index.add(Provider.WEBHOOK, 5, (20, 10), [])
    index.add(Provider.WEBHOOK, 6, (30, 10), [])
    index.add(Provider.SMTP, 7, (40, 10), [["v@x", "u@x"]])

    found = {address: list(index.rows_to(address, 0)) for address in ("u@x", "v@X", "w@x")}

    assert found == {"u@x": [1, 4], "v@X": [1, 4], "w@x": []}
    assert list(index.rows_to("u@x", 2)) == [4]
    assert [index.row_of(n) for n in range(8)] == [-1, 0, 1, 1, 1, 2, 3, 4]
    assert (index.accepted(Provider.SES, Provider.SMTP), index.accepted(Provider.WEBHOOK), index.distinct()) == (
        4,
        3,
        2,
    )
