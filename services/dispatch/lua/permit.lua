-- One ask of an account's cap, lane by lane: GCRA in whole microseconds of Redis' own time.
-- KEYS: permit. ARGV: what is asked for, in µs at the cap; how many µs may be used ahead of time (that much at least);
--   1 if the asker is urgent; for how many µs a refused urgent ask keeps all others back at most.
-- Returns 0: granted; else after how many µs it is worth asking again.
-- `tat`: until when everything granted is due, and `at`: when that was reckoned; an `at` ahead of us says that Redis' clock
--   was set back since. `want_until`: so long somebody urgent waits, and 50 ms more to come back.
-- Numbers go to Redis as they are: `..` would write 14 digits, and microseconds since 1970 have 16.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local cost, ahead, urgent, kept = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1', tonumber(ARGV[4])
local known = redis.call('HMGET', KEYS[1], 'tat', 'want_until', 'at')
local tat, wanted, back = tonumber(known[1] or 0), tonumber(known[2] or 0) - now, tonumber(known[3] or 0) - now
if back > 0 then
  tat, wanted = tat - back, 0
  redis.call('HSET', KEYS[1], 'tat', tat, 'at', now)
end
if tat < now or tat > now + 60000000 then tat = now end  -- a minute ahead: from before there was an `at`
if wanted > kept then wanted = 0 end
local wait = tat + cost - ahead - now
if wait <= 0 and (urgent or wanted <= 0) then
  redis.call('HSET', KEYS[1], 'tat', tat + cost, 'at', now)
  return 0
end
if urgent then
  redis.call('HSET', KEYS[1], 'want_until', now + math.max(wanted, math.min(kept, wait + 50000)))
else
  wait = math.max(wait, wanted)
end
return math.max(wait, 1)
