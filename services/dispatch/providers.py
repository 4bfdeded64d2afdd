"""Which provider serves a channel, one line each; mails have a breaker, and a fallback if the settings name one."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from forewarn.notice import Channel
from services.dispatch.breaker import Breaker
from services.dispatch.channels.ses import open_ses
from services.dispatch.channels.smtp import open_smtp
from services.dispatch.channels.webhook import open_webhooks
from services.dispatch.fallback import Fallback
from services.dispatch.ports import Provider
from services.dispatch.settings import DispatchSettings, EmailFallback, EmailProvider
from services.dispatch.watched import Watched

Now = Callable[[], datetime]

PROVIDERS: dict[tuple[Channel, EmailProvider | None], Callable[[DispatchSettings, Now], Awaitable[Provider]]] = {
    (Channel.EMAIL, EmailProvider.SMTP): open_smtp,
    (Channel.EMAIL, EmailProvider.SES): open_ses,
    (Channel.WEBHOOK, None): open_webhooks,
}


async def open_provider(settings: DispatchSettings, now: Now) -> Provider:
    """The provider of the settings' channel, on the running loop.

    Webhooks have no breaker: each endpoint is its own, and many that are away say nothing of the next.
    """
    which = settings.email_provider if settings.channel is Channel.EMAIL else None
    provider = Watched(await PROVIDERS[settings.channel, which](settings, now))
    return provider if which is None else Fallback(provider, await _secondary(settings, now), Breaker())


async def _secondary(settings: DispatchSettings, now: Now) -> Provider | None:
    """Has a breaker of its own."""
    if settings.email_fallback is EmailFallback.NONE:
        return None
    opened = PROVIDERS[Channel.EMAIL, EmailProvider(settings.email_fallback)]
    return Fallback(Watched(await opened(settings, now)), None, Breaker())
