-- One runner per batch: take the lease, or say why not.
-- KEYS: control, lease, turn, marks. ARGV: token, turn, epoch, size, seconds to keep.
-- Returns no_snapshot | other_epoch | old_turn | leased | the marks.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return 'no_snapshot' end
if epoch ~= ARGV[3] then return 'other_epoch' end
local stored = redis.call('GET', KEYS[3])
if stored and tonumber(ARGV[2]) < tonumber(stored) then return 'old_turn' end
if redis.call('EXISTS', KEYS[2]) == 1 then return 'leased' end
redis.call('SET', KEYS[3], ARGV[2], 'EX', ARGV[5])
redis.call('SET', KEYS[2], ARGV[1], 'PX', 10000)
if redis.call('EXISTS', KEYS[4]) == 0 then
  redis.call('SET', KEYS[4], string.rep('.', tonumber(ARGV[4])), 'EX', ARGV[5])
end
return redis.call('GET', KEYS[4])
