"""How the providers are doing."""

from forewarn.dev.dashboards.panels import GREEN, RED, YELLOW, Panel, Query, Row
from forewarn.dev.dashboards.promql import largest, quantile, rate

PROVIDERS = Row(
    "Providers",
    (
        Panel(
            "Breaker",
            "Whether calls go to the provider. open: they go to its fallback, or wait; half open: one call tries it.",
            "none",
            (Query(largest("forewarn_breaker_state", "provider"), "{{provider}}", instant=True),),
            kind="stat",
            width=4,
            steps=((None, GREEN), (1, YELLOW), (2, RED)),
            words={"0": "closed", "1": "half open", "2": "open"},
        ),
        Panel(
            "Account may send",
            "What SES says of the account; whoever has no such word counts as yes.",
            "none",
            (Query("min by (provider) (forewarn_provider_sending_enabled)", "{{provider}}", instant=True),),
            kind="stat",
            width=4,
            steps=((None, RED), (1, GREEN)),
            words={"0": "no", "1": "yes"},
        ),
        Panel(
            "Calls per second",
            "Calls by how they went. throttled: it told us to be slower. not_reached: it took nothing from us, and"
            " nobody ends by it. unanswered: recipients may have been told.",
            "ops",
            (Query(rate("forewarn_provider_calls_total", "provider, result"), "{{provider}}: {{result}}"),),
            stacked=True,
        ),
        Panel(
            "Time of a call",
            "Half of the calls, and 95 % of them, took no longer. A call ends after 10 s.",
            "s",
            (
                Query(quantile(0.5, "forewarn_provider_call_seconds", "provider"), "50 % {{provider}}"),
                Query(quantile(0.95, "forewarn_provider_call_seconds", "provider"), "95 % {{provider}}"),
            ),
        ),
        Panel(
            "Calls in flight",
            "Calls that have begun and not ended, of all dispatch processes.",
            "none",
            (Query("sum by (provider) (forewarn_calls_in_flight)", "{{provider}}"),),
            width=6,
        ),
        Panel(
            "Waiting for permits",
            "95 % of the calls waited no longer for their permit. urgent should hardly wait while others do.",
            "s",
            (Query(quantile(0.95, "forewarn_permit_wait_seconds", "provider, lane"), "{{provider}}, {{lane}}"),),
            width=6,
        ),
        Panel(
            "Permits refused per second",
            "Asks for a permit that were told to wait: the provider's cap is what limits us.",
            "ops",
            (Query(rate("forewarn_permit_refusals_total", "provider, lane"), "{{provider}}, {{lane}}"),),
            width=6,
        ),
        Panel(
            "Attempts per second",
            "Recipients called, by which attempt it was for them. Many third ones: the provider says later, and later.",
            "ops",
            (Query(rate("forewarn_attempts_total", "provider, attempt"), "{{provider}}: attempt {{attempt}}"),),
            width=6,
            stacked=True,
        ),
    ),
)
