-- Replace the control snapshot, only by a newer one.
-- KEYS: control, suppressed, paused, stopped.
-- ARGV: n, epoch, 1 to found an empty Redis, how many pauses, a digest of the suppressions that begins with their
--   number, 1 if they follow, they as "channel:subscriber letter,...", the pauses, the stops.
-- Returns 1 written, 0 an equal or newer one stands, -1 Redis is empty and this is no founding, -2 the suppressions
--   that stand are others, and none follow: nothing is written.
local known = redis.call('HGET', KEYS[1], 'n')
if not known and ARGV[3] ~= '1' then return -1 end
if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
if ARGV[6] ~= '1' then                      -- they stand if all of them do, and no older clock has written since
  local digest, at = unpack(redis.call('HMGET', KEYS[1], 'suppressed', 'suppressed_n'))
  local count = tonumber(string.match(ARGV[5], '^%d+'))
  if digest ~= ARGV[5] or at ~= known or redis.call('HLEN', KEYS[2]) ~= count then return -2 end
end
local stops = 8 + tonumber(ARGV[4])
redis.call('HSET', KEYS[1], 'n', ARGV[1], 'epoch', ARGV[2], 'at', redis.call('TIME')[1], 'suppressed', ARGV[5],
  'suppressed_n', ARGV[1])
redis.call('DEL', KEYS[3], KEYS[4])
for i = 8, stops - 1 do redis.call('SADD', KEYS[3], ARGV[i]) end
for i = stops, #ARGV do redis.call('SADD', KEYS[4], ARGV[i]) end
if ARGV[6] == '1' then
  redis.call('DEL', KEYS[2])
  for who, letter in string.gmatch(ARGV[7], '([^ ,]+) ([^,]+)') do redis.call('HSET', KEYS[2], who, letter) end
end
return 1
