"""Which provider serves a channel: one line each."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from forewarn.notice import Channel
from services.dispatch.channels.ses import open_ses
from services.dispatch.channels.smtp import open_smtp
from services.dispatch.channels.webhook import open_webhooks
from services.dispatch.ports import Provider
from services.dispatch.settings import DispatchSettings, EmailProvider

Now = Callable[[], datetime]

PROVIDERS: dict[tuple[Channel, EmailProvider | None], Callable[[DispatchSettings, Now], Awaitable[Provider]]] = {
    (Channel.EMAIL, EmailProvider.SMTP): open_smtp,
    (Channel.EMAIL, EmailProvider.SES): open_ses,
    (Channel.WEBHOOK, None): open_webhooks,
}


async def open_provider(settings: DispatchSettings, now: Now) -> Provider:
    """The provider of the settings' channel, on the running loop."""
    which = settings.email_provider if settings.channel is Channel.EMAIL else None
    return await PROVIDERS[settings.channel, which](settings, now)
