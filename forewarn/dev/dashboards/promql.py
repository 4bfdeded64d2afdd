"""Queries of PromQL that panels share."""


def rate(metric: str, by: str) -> str:
    """A second, summed over all processes, by these labels."""
    return f"sum by ({by}) (rate({metric}[$__rate_interval]))"


def quantile(share: float, metric: str, by: str = "") -> str:
    """The time that this share stayed below, by these labels."""
    return f"histogram_quantile({share}, {rate(f'{metric}_bucket', f'le, {by}' if by else 'le')})"


def newest(metric: str, by: str) -> str:
    """What the record says: every planner shows the same, each as of its own last look."""
    return f"max by ({by}) ({metric})"
