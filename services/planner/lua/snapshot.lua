-- Replace the control snapshot, only by a newer one.
-- KEYS: control, suppressed, paused, stopped.
-- ARGV: n, epoch, 1 to found an empty Redis, how many pauses, how many stops, a digest of the suppressions that begins
--   with their number, 1 if they follow, the pauses, the stops, then pairs of channel:subscriber and letter.
-- Returns 1 written, 0 an equal or newer one stands, -1 Redis is empty and this is no founding, -2 the suppressions
--   that stand are others, and none follow: nothing is written.
local known = redis.call('HGET', KEYS[1], 'n')
if not known and ARGV[3] ~= '1' then return -1 end
if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
if ARGV[7] ~= '1' then                      -- they stand if all of them do, and no older clock has written since
  local digest, at = unpack(redis.call('HMGET', KEYS[1], 'suppressed', 'suppressed_n'))
  local count = tonumber(string.match(ARGV[6], '^%d+'))
  if digest ~= ARGV[6] or at ~= known or redis.call('HLEN', KEYS[2]) ~= count then return -2 end
end
local stops = 8 + tonumber(ARGV[4])
local pairs_at = stops + tonumber(ARGV[5])
redis.call('HSET', KEYS[1], 'n', ARGV[1], 'epoch', ARGV[2], 'at', redis.call('TIME')[1], 'suppressed', ARGV[6],
  'suppressed_n', ARGV[1])
redis.call('DEL', KEYS[3], KEYS[4])
for i = 8, stops - 1 do redis.call('SADD', KEYS[3], ARGV[i]) end
for i = stops, pairs_at - 1 do redis.call('SADD', KEYS[4], ARGV[i]) end
if ARGV[7] == '1' then
  redis.call('DEL', KEYS[2])
  for i = pairs_at, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
end
return 1
