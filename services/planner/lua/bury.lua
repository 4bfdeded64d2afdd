-- The last word on a batch: what is open ends with a letter, what is in the air as unknown, so that no copy calls any more.
-- KEYS: marks, turn. ARGV: size, the letter, unknown letter, seconds to keep marks that there were none of,
--   and the turn of a dead letter, which says nothing once a newer copy of the message is on its way.
-- Returns the marks, or false when there is a newer copy.
local newest = ARGV[5] and string.match(redis.call('GET', KEYS[2]) or '', '^%d+')
if newest and tonumber(ARGV[5]) < tonumber(newest) then return false end
local kept = redis.call('GET', KEYS[1])
local marks = kept or string.rep('.', tonumber(ARGV[1]))
marks = string.gsub(marks, '%.', ARGV[2])
marks = string.gsub(marks, '[?!]', ARGV[3])
if kept then redis.call('SET', KEYS[1], marks, 'KEEPTTL') else redis.call('SET', KEYS[1], marks, 'EX', ARGV[4]) end
return marks
