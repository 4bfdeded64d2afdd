-- Addresses of new people, as they are; of others what differs is taken out and put in anew, so that two people may
-- swap theirs. Consent was given for an address; a new one starts without.
create temp table news on commit drop as
select n.id as subscriber_id, given.channel, fresh.address, fresh.consent, fresh.quiet_from, fresh.quiet_to
from named n
cross join lateral (values ('email', n.email), ('sms', n.sms), ('webhook', n.webhook)) as given (channel, address)
left join address kept on (kept.subscriber_id, kept.channel) = (n.id, given.channel)
cross join lateral (values (
  coalesce(given.address, kept.address),
  coalesce(
    given.channel = any (n.consents),
    kept.consent and coalesce(given.address, kept.address) = kept.address,
    false),
  coalesce(n.quiet_from, kept.quiet_from),
  coalesce(n.quiet_to, kept.quiet_to)
)) as fresh (address, consent, quiet_from, quiet_to)
where not n.added and fresh.address is not null
  and (fresh.address, fresh.consent, fresh.quiet_from, fresh.quiet_to)
    is distinct from (kept.address, kept.consent, kept.quiet_from, kept.quiet_to);

analyze news;

delete from address a using news n where (a.subscriber_id, a.channel) = (n.subscriber_id, n.channel);

insert into address (subscriber_id, channel, address, consent, quiet_from, quiet_to)
select n.id, given.channel, given.address, coalesce(given.channel = any (n.consents), false), n.quiet_from, n.quiet_to
from (select * from named where added order by id) n
cross join lateral (values ('email', n.email), ('sms', n.sms), ('webhook', n.webhook)) as given (channel, address)
where given.address is not null;

insert into address (subscriber_id, channel, address, consent, quiet_from, quiet_to)
select subscriber_id, channel, address, consent, quiet_from, quiet_to from news order by subscriber_id;

insert into touched select subscriber_id from news;
