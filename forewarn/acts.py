"""Acts: what persons, and our own clock, do to an outage that they name."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from forewarn.outage import Act, Facts, Outage, Release, Status
from forewarn.signal import Report
from forewarn.verdict import Rejected, Repeat, Revised

Outcome = Revised | Repeat | Rejected


def act_refusal(report: Report) -> str | None:
    """Why this act may not be carried out, whatever it is about; None for a report."""
    act = report.act
    if act is Act.REPORT:
        return None
    if act is Act.SETTLE and not report.clock:
        return "act 'settle' is our own clock's; say that it is over with a report, status resolved"
    if act is Act.JOIN:
        return "act 'join' is what the record says of siblings; to make two incidents one send a merge"
    if act is Act.OCCUR and not report.clock:
        return "act 'occur' is our own clock's; plan a window with a report of kind maintenance"
    if act not in (Act.SETTLE, Act.OCCUR) and not report.person:
        return f"only a person may {act.value}; send it with the token of a communicator"
    if report.about is None:
        return f"act {act.value!r} needs `about`; name the outage, such as INC-7"
    return None


def withdrawn_refusal(report: Report, outage: Outage) -> str | None:
    """Why nothing more is said of an outage that never was."""
    if not outage.withdrawn or not report.person or report.act is Act.WITHDRAW:
        return None
    key = "" if report.about is not None else f", under another key than {report.key!r}"
    return f"{outage.name} was withdrawn; open another{key}"


def carry_out(report: Report, outage: Outage) -> Outcome:
    """What an act that is not refused does to the outage."""
    return CARRIED_OUT[report.act](report, outage)


def as_stated(report: Report, outage: Outage) -> Outage:
    """The outage with the report's facts laid over what persons stated. Only a status closes, or opens again."""
    moved = report.facts.window is not None and report.facts.window != outage.facts.window
    older = outage.stated.without(["expected_end"]) if moved else outage.stated  # it was the end of another window
    stated = replace(report.facts.laid_over(older), note=report.facts.note)  # a note is of its moment
    closed = outage.closed_at
    if report.facts.status is not None:
        closed = (closed or report.received_at) if report.over else None
    return replace(outage, stated=stated, closed_at=closed)


def _release(report: Report, outage: Outage) -> Outcome:
    if not outage.open:
        return Rejected(f"{outage.name} is over; if it is not, say so with a report about it, status investigating")
    stated = report.facts.laid_over(outage.stated)
    if stated == outage.stated:
        if outage.release is Release.RELEASED:
            return Repeat(f"{outage.name} is released already")
        return _revised(report, replace(outage, release=Release.RELEASED), newsworthy=False)
    return _revised(report, replace(as_stated(report, outage), release=Release.RELEASED), newsworthy=True)


def _dismiss(report: Report, outage: Outage) -> Outcome:
    if outage.release is Release.DISMISSED:
        return Repeat(f"{outage.name} is dismissed already")
    if outage.by_person or outage.release is Release.RELEASED:
        return Rejected(
            f"customers may have heard of {outage.name} already;"
            f" take it back with `forewarn {outage.kind} withdraw {outage.name}`"
        )
    return _revised(report, replace(outage, release=Release.DISMISSED), newsworthy=False)


def _take(report: Report, outage: Outage) -> Outcome:
    if report.author is None:
        return Rejected("nobody is named who takes it; send it with a person's own token")
    if outage.stated.communicator == report.author:
        return Repeat(f"{outage.name} is {report.author}'s already")
    return _given_to(report.author, report, outage)


def _hand_over(report: Report, outage: Outage) -> Outcome:
    """What they write to one another is no note to the readers: it stands in the log only."""
    other = report.facts.communicator
    if other is None:
        return Rejected(f"nobody is named who takes {outage.name} over; name them in `communicator`")
    if outage.stated.communicator == other:
        return Repeat(f"{outage.name} is {other}'s already")
    return _given_to(other, report, outage)


def _given_to(person: str, report: Report, outage: Outage) -> Revised:
    stated = replace(outage.stated, communicator=person)
    given = _revised(report, replace(outage, stated=stated), newsworthy=False)
    return replace(given, reason=_twice(person, given.outage))


def _twice(person: str, outage: Outage) -> str | None:
    """Who mends it has little time to speak for it: accepted, and said (T15)."""
    if person not in outage.facts.responders:
        return None
    return f"{person} is a responder too; somebody else can take it: forewarn incident hand-over {outage.name}"


def _correct(report: Report, outage: Outage) -> Outcome:
    """What is taken back is unsaid by machines too: a correction that leaves it standing corrects nothing."""
    if report.facts == Facts() and not report.retract:
        return Rejected(
            f"nothing is corrected; give the facts of {outage.name} that are right, or `retract` wrong ones"
        )
    unsaid = replace(
        outage, stated=outage.stated.without(report.retract), observed=outage.observed.without(report.retract)
    )
    return _revised(report, as_stated(report, unsaid), newsworthy=True)


def _withdraw(report: Report, outage: Outage) -> Outcome:
    """All of it, or only the notices named: then the outage stands on."""
    if outage.withdrawn:
        return Repeat(f"{outage.name} is withdrawn already")
    if report.notices:
        return _revised(report, as_stated(report, outage), newsworthy=True)
    stated = replace(outage.stated, note=report.facts.note)
    closed = outage.closed_at or report.received_at
    return _revised(report, replace(outage, stated=stated, withdrawn=True, closed_at=closed), newsworthy=True)


def _settle(report: Report, outage: Outage) -> Outcome:
    """A machine's calm becomes an end. A person's `monitoring` has come true and makes way for it (T18)."""
    reason = _unsettled(report, outage)
    if reason is not None:
        return Repeat(reason)
    observed = replace(outage.observed, status=Status.RESOLVED)
    stated = replace(outage.stated, status=None, note=None)
    settled = replace(outage, observed=observed, stated=stated, closed_at=report.received_at)
    return _revised(report, settled, newsworthy=True)


def _unsettled(report: Report, outage: Outage) -> str | None:
    if not outage.open:
        return f"{outage.name} is over already"
    if outage.calm_since is None:
        return f"{outage.name} is not calm; something fires"
    if outage.revision != report.from_revision:
        return f"{outage.name} is at revision {outage.revision}, the clock saw {report.from_revision}"
    if outage.stated.status not in (None, Status.MONITORING):
        return f"{outage.name} is {outage.stated.status} by a person's word; a person says when it is over"
    return None


def _revised(report: Report, outage: Outage, newsworthy: bool) -> Revised:
    return Revised(replace(outage, revision=outage.revision + 1), None, newsworthy, report.act, report.notices)


CARRIED_OUT: Mapping[Act, Callable[[Report, Outage], Outcome]] = {
    Act.RELEASE: _release,
    Act.DISMISS: _dismiss,
    Act.TAKE: _take,
    Act.HAND_OVER: _hand_over,
    Act.CORRECT: _correct,
    Act.WITHDRAW: _withdraw,
    Act.SETTLE: _settle,
}
