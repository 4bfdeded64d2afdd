-- Replace the control snapshot, only by a newer one.
-- KEYS: control, suppressed. ARGV: n, epoch, 1 to found an empty Redis, then pairs of channel:subscriber and letter.
-- Returns 1 written, 0 an equal or newer one stands, -1 Redis is empty and this is no founding.
local known = redis.call('HGET', KEYS[1], 'n')
if not known and ARGV[3] ~= '1' then return -1 end
if known and tonumber(known) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'n', ARGV[1], 'epoch', ARGV[2], 'at', redis.call('TIME')[1])
redis.call('DEL', KEYS[2])
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
