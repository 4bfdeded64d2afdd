-- Addresses: what differs is taken out and put in anew, so that two people may swap theirs. Consent was given
-- for an address; a new one starts without.
create temp table news on commit drop as
select n.id as subscriber_id, given.channel, coalesce(given.address, kept.address) as address,
  coalesce(
    given.channel = any (n.consents),
    kept.consent and coalesce(given.address, kept.address) = kept.address,
    false) as consent,
  coalesce(n.quiet_from, kept.quiet_from) as quiet_from,
  coalesce(n.quiet_to, kept.quiet_to) as quiet_to
from named n
cross join lateral (values ('email', n.email), ('sms', n.sms), ('webhook', n.webhook)) as given (channel, address)
left join address kept on (kept.subscriber_id, kept.channel) = (n.id, given.channel)
where coalesce(given.address, kept.address) is not null;

delete from news n using address a
where (a.subscriber_id, a.channel) = (n.subscriber_id, n.channel)
  and (a.address, a.consent, a.quiet_from, a.quiet_to)
    is not distinct from (n.address, n.consent, n.quiet_from, n.quiet_to);

analyze news;

delete from address a using news n where (a.subscriber_id, a.channel) = (n.subscriber_id, n.channel);

insert into address (subscriber_id, channel, address, consent, quiet_from, quiet_to)
select subscriber_id, channel, address, consent, quiet_from, quiet_to from news order by subscriber_id;

insert into touched select subscriber_id, false from news;
