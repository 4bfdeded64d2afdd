-- Before a provider call: mark its positions as in the air, those that may be called.
-- KEYS: control, suppressed, lease, marks.
-- ARGV: token, epoch, expires at (unix ms), 1 if a call in the air may be repeated, expired letter, unknown letter,
--   then pairs of position and channel:subscriber.
-- Returns lost_lease | no_snapshot | other_epoch | no_marks | the letters now at these positions;
--   '?' and '!' there mean: call now.
if redis.call('GET', KEYS[3]) ~= ARGV[1] then return 'lost_lease' end
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return 'no_snapshot' end
if epoch ~= ARGV[2] then return 'other_epoch' end
if redis.call('EXISTS', KEYS[4]) == 0 then return 'no_marks' end
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local letters = {}
for i = 7, #ARGV, 2 do
  local place = tonumber(ARGV[i])
  local was = redis.call('GETRANGE', KEYS[4], place, place)
  local is = was
  if was == '.' then
    local suppressed = redis.call('HGET', KEYS[2], ARGV[i + 1])
    if suppressed then is = suppressed
    elseif now >= tonumber(ARGV[3]) then is = ARGV[5]
    else is = '?' end
  elseif was == '?' then
    if ARGV[4] == '1' and now < tonumber(ARGV[3]) then is = '!' else is = ARGV[6] end
  elseif was == '!' then
    is = ARGV[6]
  end
  if is ~= was then redis.call('SETRANGE', KEYS[4], place, is) end
  letters[#letters + 1] = is
end
return table.concat(letters)
