"""How far a notice in the air has come on a channel: whether it has been to everybody once, and how many are left."""

from forewarn.delivery import LETTERS, OPEN, State

FAILED = "".join(letter for letter, (state, _) in LETTERS.items() if state is State.FAILED)

FEW = "greatest(3, coalesce(sum(length(b.outcomes)), 0) / 100)"
"""So many whom nothing reaches are endpoints that are away; more of them are a fault of ours, or of the provider."""

_OPEN = f"length(b.outcomes) - length(replace(b.outcomes, '{OPEN}', ''))"

_FAR = f"""lateral (
  select bool_or(w.expanded_at is null) as unfrozen, max(b.last_at) as last_at, {FEW} as few,
    coalesce(sum({_OPEN}), 0) as open, coalesce(sum({_OPEN}) filter (where b.first_at is null), 0) as uncalled,
    coalesce(bool_or(b.outcomes ~ '[{FAILED}]'), false) as failed
  from notice_window w left join batch b on b.window_id = w.id
  where w.notice_id = {{0}}.notice_id and w.channel = {{0}}.channel
)"""

_ROUND = "({0}.last_at is not null and not {0}.unfrozen and {0}.uncalled <= {0}.few)"


def far(row: str) -> str:
    """A row beside that of the `notice_channel` with this alias; `uncalled` are open where nobody was told yet."""
    return _FAR.format(row)


def gone_round(far: str) -> str:
    """Everybody was called once, and whoever is still open is called again."""
    return _ROUND.format(far)
