-- Before a provider call: mark its positions as in the air, those that may be called.
-- KEYS: control, suppressed, paused, stopped, lease, marks.
-- ARGV: token, epoch, expires at (unix ms), 1 if a call in the air may be repeated, expired letter, unknown letter,
--   the word of its stop, how many words of its pauses, these words,
--   then four: positions with commas between, or the first and the last with a dash where none between is missing;
--   the channel with a colon; subscribers with commas between; and for each the letter of whoever may not be called
--   at all (a blank for others), or nothing where everybody may.
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
local suppressed, anybody = {}, false
if redis.call('EXISTS', KEYS[2]) == 1 then
  local members = {}
  for id in string.gmatch(ARGV[first + 2], '%d+') do members[#members + 1] = ARGV[first + 1] .. id end
  suppressed = redis.call('HMGET', KEYS[2], unpack(members))
  for i = 1, #suppressed do anybody = anybody or suppressed[i] end
end
local places, letters = {}, {}
local low, high = string.match(ARGV[first], '^(%d+)-(%d+)$')
if not low then
  for place in string.gmatch(ARGV[first], '%d+') do places[#places + 1] = tonumber(place) end
  low, high = math.min(unpack(places)), math.max(unpack(places))
end
local now = redis.call('GETRANGE', KEYS[6], low, high)
if #places == 0 then
  if not anybody and not expired and ARGV[first + 3] == '' and not string.find(now, '[^.]') then
    letters = string.rep('?', #now)        -- nearly always: a first call, to people of whom nothing is known
    redis.call('SETRANGE', KEYS[6], low, letters)
    return letters
  end
  for place = tonumber(low), tonumber(high) do places[#places + 1] = place end
end
local marks, changed = {}, false
for mark in string.gmatch(now, '.') do marks[#marks + 1] = mark end
for i, place in ipairs(places) do
  local was, no = marks[place - low + 1], ARGV[first + 3] == '' and ' ' or string.sub(ARGV[first + 3], i, i)
  local is = was
  if was == '.' then
    if suppressed[i] then is = suppressed[i]
    elseif no ~= ' ' then is = no
    elseif expired then is = ARGV[5]
    else is = '?' end
  elseif was == '?' then
    if ARGV[4] == '1' and not expired and no == ' ' then is = '!' else is = ARGV[6] end
  elseif was == '!' then
    is = ARGV[6]
  end
  changed = changed or is ~= was
  marks[place - low + 1], letters[i] = is, is
end
if changed then redis.call('SETRANGE', KEYS[6], low, table.concat(marks)) end
return table.concat(letters)
