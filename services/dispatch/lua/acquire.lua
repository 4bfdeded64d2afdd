-- One runner per batch: take the lease, or say why not.
-- KEYS: control, paused, stopped, lease, turn, marks.
-- ARGV: token, turn, epoch, size, the unix second until which to keep what is written, the word of its stop, then the
--   words of its pauses.
-- Returns no_snapshot | other_epoch | stopped | old_turn | paused | leased | the marks.
-- A turn is kept with its epoch: those of another epoch do not count, for their copies fall anyway.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return 'no_snapshot' end
if epoch ~= ARGV[3] then return 'other_epoch' end
if redis.call('SISMEMBER', KEYS[3], ARGV[6]) == 1 then return 'stopped' end
local turn, of = string.match(redis.call('GET', KEYS[5]) or '', '^(%d+):?(.*)$')
if turn and (of == '' or of == epoch) and tonumber(ARGV[2]) < tonumber(turn) then return 'old_turn' end
local keep = math.max(ARGV[5] - redis.call('TIME')[1], 60)
local stored = ARGV[2] .. ':' .. epoch
for i = 7, #ARGV do
  if redis.call('SISMEMBER', KEYS[2], ARGV[i]) == 1 then
    redis.call('SET', KEYS[5], stored, 'EX', keep)  -- so that older copies do not go round as long as the pause
    return 'paused'
  end
end
if redis.call('EXISTS', KEYS[4]) == 1 then return 'leased' end
redis.call('SET', KEYS[5], stored, 'EX', keep)
redis.call('SET', KEYS[4], ARGV[1], 'PX', 10000)
if redis.call('EXISTS', KEYS[6]) == 0 then
  redis.call('SET', KEYS[6], string.rep('.', tonumber(ARGV[4])), 'EX', keep)
end
return redis.call('GET', KEYS[6])
