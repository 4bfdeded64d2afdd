-- Before a provider call: mark its positions as in the air, those that may be called.
-- KEYS: control, suppressed, paused, stopped, lease, marks.
-- ARGV: token, epoch, expires at (unix ms), 1 if a call in the air may be repeated, expired letter, unknown letter,
--   the word of its stop, how many words of its pauses, these words,
--   then triples of position, channel:subscriber, and the letter of whoever may not be called at all ('' for others).
-- Returns lost_lease | no_snapshot | other_epoch | stopped | paused | no_marks | the letters now at these positions;
--   '?' and '!' there mean: call now.
if redis.call('GET', KEYS[5]) ~= ARGV[1] then return 'lost_lease' end
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return 'no_snapshot' end
if epoch ~= ARGV[2] then return 'other_epoch' end
if redis.call('SISMEMBER', KEYS[4], ARGV[7]) == 1 then return 'stopped' end
local first = 9 + tonumber(ARGV[8])
for i = 9, first - 1 do
  if redis.call('SISMEMBER', KEYS[3], ARGV[i]) == 1 then return 'paused' end
end
if redis.call('EXISTS', KEYS[6]) == 0 then return 'no_marks' end
local clock = redis.call('TIME')
local expired = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000) >= tonumber(ARGV[3])
local letters = {}
for i = first, #ARGV, 3 do
  local place, barred = tonumber(ARGV[i]), ARGV[i + 2] ~= ''
  local was = redis.call('GETRANGE', KEYS[6], place, place)
  local is = was
  if was == '.' then
    local suppressed = redis.call('HGET', KEYS[2], ARGV[i + 1])
    if suppressed then is = suppressed
    elseif barred then is = ARGV[i + 2]
    elseif expired then is = ARGV[5]
    else is = '?' end
  elseif was == '?' then
    if ARGV[4] == '1' and not expired and not barred then is = '!' else is = ARGV[6] end
  elseif was == '!' then
    is = ARGV[6]
  end
  if is ~= was then redis.call('SETRANGE', KEYS[6], place, is) end
  letters[#letters + 1] = is
end
return table.concat(letters)
