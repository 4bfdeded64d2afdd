"""The people of a benchmark, imported as any directory is, and brought to rest: none of it is on the clock."""

from pathlib import Path

import orjson
import psycopg

from forewarn.dev.generate.directory import directory
from forewarn.dev.generate.files import WAYS, Format, header
from forewarn.dev.generate.people import people
from forewarn.dev.house import House

ZONES = 24


def settle(home: House, people_count: int, work: Path) -> str:
    """Import so many people, mailboxes only; the component whose outage touches all of them."""
    made = directory(people_count, zones=ZONES)
    file = work / "people.csv"
    with file.open("wb") as out:
        out.write(header(Format.CSV))
        out.writelines(WAYS[Format.CSV](row._replace(webhook="")) for row in people(made))
    _put(home, "catalog", "---\n".join(made.catalog.documents()).encode())
    _put(home, "people?format=csv", file.read_bytes())
    with psycopg.connect(home.database_url, autocommit=True) as connection:
        connection.execute("vacuum (analyze)")
        connection.execute("checkpoint")
    return made.catalog.touching(1.0)


def _put(home: House, what: str, body: bytes) -> None:
    token = {"Authorization": f"Bearer {home.tokens['oleg']}"}
    answer = home.http.request("PUT", f"{home.door_url}/v1/directory/{what}", body=body, headers=token, timeout=600)
    if answer.status != 200 or orjson.loads(answer.data)["faulty"]:
        raise RuntimeError(f"the import of {what} failed: {answer.status} {answer.data[:2000]!r}")
