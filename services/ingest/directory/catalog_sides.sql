-- Whoever lost their last stake in an inside role with an account or component is no longer inside.
update subscriber s
set inside = false
from bereft b
where s.id = b.subscriber_id and s.inside
  and not exists (select from stake k where k.subscriber_id = s.id and k.role = any (%(inside)s));
