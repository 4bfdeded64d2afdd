"""Queries of PromQL that panels share."""


def rate(metric: str, by: str) -> str:
    """A second, summed over all processes, by these labels."""
    return f"sum by ({by}) (rate({metric}[$__rate_interval]))"


def quantile(share: float, metric: str, by: str = "") -> str:
    """The time that this share stayed below, by these labels."""
    return f"histogram_quantile({share}, {rate(f'{metric}_bucket', f'le, {by}' if by else 'le')})"


def newest(metric: str, by: str = "", pick: str = "max") -> str:
    """What the record says: every planner shows the same as of its last look; one that cannot look is left out."""
    fresh = "forewarn_watch_timestamp_seconds > scalar(max(forewarn_watch_timestamp_seconds)) - 30"
    return f"{pick}{f' by ({by}) ' if by else ''}({metric} and on (instance) {fresh})"


def largest(metric: str, by: str) -> str:
    """Of what processes know each for itself."""
    return f"max by ({by}) ({metric})"
