"""What a path names: the id behind it, or a refusal that says what to do."""

from forewarn.runtime.http import refuse
from services.planner.pages import Pages


def outage_id(pages: Pages, name: str) -> int:
    """Of INC-7. Refuses with 404."""
    found = pages.outage_id(name)
    if found is None:
        raise refuse(404, f"there is no {name}; `forewarn incident list --all` shows what there is")
    return found


def subscriber_id(pages: Pages, named: str) -> int:
    """Of an id or an address. Refuses with 404."""
    found = pages.subscriber_id(named)
    if found is None:
        raise refuse(404, f"nobody in the directory has the id or address {named!r}")
    return found
