"""Bodies that nobody should send: bytes, JSON of the wrong shape, good events gone wrong in one place."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from hypothesis import strategies as st

HOSTILE = st.sampled_from(
    [
        b"",
        b"\x00",
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 3_000,
        b'{"key": "\\ud800"}',
        b'{"sequence": 1e999999}',
        b'{"sequence": ' + b"9" * 5_000 + b"}",
        b"NaN",
        b'{"key": "k", "key": }',
        b'{"source":"monitoring","key":"k\\u0000"}',
        b'{"source":"monitoring","key":"k","components":["a\\u0000b"]}',
    ]
)

TEXTS = st.text(max_size=30) | st.sampled_from(["\x00", "\ue000t0\ue001", "‮", "a\nb", "x" * 5_000, "'; --", "{}"])

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)

WRONG_MOMENTS = st.sampled_from(
    ["", "now", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", [], {}]
)

JSON = VALUES.map(orjson.dumps)

ANY_BYTES = st.binary(max_size=200) | HOSTILE | JSON


def gone_wrong(good: Mapping[str, Any], faults: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[bytes]:
    """The good one with one field, named by a dotted path, replaced by a fault."""
    return st.sampled_from(sorted(faults)).flatmap(lambda path: faults[path].map(_with(good, path)))


def _with(good: Mapping[str, Any], path: str) -> Callable[[Any], bytes]:
    def put(fault: Any) -> bytes:
        whole = orjson.loads(orjson.dumps(good))
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        place = whole
        for step in way:
            place = place[step]
        place[last] = fault
        return orjson.dumps(whole)

    return put


UNPRINTABLE = st.sampled_from(["", " ", "a\x00b", "\ue000t0\ue001", "a\nb", "\u202e", "x" * 5_000])

A_GOOD_EVENT = {
    "source": "monitoring",
    "key": "checkout-latency",
    "components": ["card-payments", {"component": "payouts", "impact": "down"}],
    "window": {"start": "2026-11-22T13:00:00Z", "end": "2026-11-22T14:00:00Z"},
    "tasks": {"done": 1, "total": 2},
    "reader_action": {"what": "Log in again."},
}

BAD_EVENTS = gone_wrong(
    A_GOOD_EVENT,
    {
        "source": UNPRINTABLE | st.sampled_from([[], [{}], {}, 7, True]),
        "key": UNPRINTABLE,
        "sequence": st.sampled_from([-1, 2**63, 1.5, 1e300, "many", [], {}]),
        "occurred_at": WRONG_MOMENTS,
        "expected_end": WRONG_MOMENTS,
        "status": st.sampled_from(["broken", 7, [], {}]) | UNPRINTABLE,
        "severity": st.sampled_from(["high", 7, [], {}]) | UNPRINTABLE,
        "kind": st.sampled_from([None, "disaster", 7]),
        "impact": st.sampled_from(["total", 7, []]),
        "act": st.sampled_from([None, "explode", "withdraw", "merge"]),
        "about": st.sampled_from(["INC-0", "INC-99999999999", "INC-1; drop table outage", 7, {}]),
        "components": st.sampled_from(["card-payments", {}, 7, [7], [""], [[]], [{}], ["x"] * 201, None]),
        "components.1.impact": st.sampled_from([None, "total", 7, {}]),
        "components.1.component": UNPRINTABLE,
        "symptoms": UNPRINTABLE.filter(lambda text: text != "a\nb") | st.sampled_from([7, [], {}]),
        "window.end": WRONG_MOMENTS | st.just("2026-11-22T12:59:59Z"),
        "tasks.total": st.sampled_from([0, -1, "many", 2.5, None]),
        "reader_action.link": st.sampled_from(["javascript:alert(1)", "ftp://x", "https://a b", "", 7]),
        "country": st.sampled_from(["de", "DEU", "", 7]),
        "test": st.sampled_from([None, "perhaps", 7, []]),
    },
)

AN_ALERT = {
    "status": "firing",
    "labels": {"component": "card-payments"},
    "annotations": {},
    "startsAt": "2026-11-22T13:02:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "fingerprint": "9f1f8a3a5f1f0d6b",
}

BAD_WEBHOOKS = gone_wrong(
    {"version": "4", "groupKey": "{}:{}", "alerts": [AN_ALERT, AN_ALERT | {"status": "resolved"}]},
    {
        "version": st.sampled_from(["3", 4, None, [], ""]),
        "groupKey": st.sampled_from(["", " ", "\x00", None, 7, [], "x" * 5_000]),
        "alerts": st.sampled_from([[], None, {}, "alerts", 7, [None], [[]], [{}]]),
        "alerts.0.status": st.sampled_from(["pending", None, 7, []]),
        "alerts.0.labels": st.sampled_from([None, [], 7, {"a": 7}, {"\x00": None}, {"a": {"b": "c"}}]),
        "alerts.0.annotations": st.sampled_from([[], 7, {"summary": 7}, {"summary": "x" * 5_000}]),
        "alerts.0.startsAt": WRONG_MOMENTS,
        "alerts.1.endsAt": WRONG_MOMENTS | st.none(),
        "alerts.0.fingerprint": st.sampled_from(["", " ", "\x00", None, 7, [], "x" * 300]),
    },
)
