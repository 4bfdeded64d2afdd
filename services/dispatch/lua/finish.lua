-- After a provider call: write what its positions became. Needs no token: an answer is true whoever heard it.
-- KEYS: marks. ARGV: unknown letter, accepted letter, positions as begin.lua has them, a letter for each ('.' to try
--   again).
-- Returns 0 when the marks are gone, else 1.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local places, marks = {}, {}
local low, high = string.match(ARGV[3], '^(%d+)-(%d+)$')
if not low then
  for place in string.gmatch(ARGV[3], '%d+') do places[#places + 1] = tonumber(place) end
  low, high = math.min(unpack(places)), math.max(unpack(places))
end
local now = redis.call('GETRANGE', KEYS[1], low, high)
if #places == 0 then
  if not string.find(now, '[^?]') then     -- nearly always: answers to first calls
    redis.call('SETRANGE', KEYS[1], low, ARGV[4])
    return 1
  end
  for place = tonumber(low), tonumber(high) do places[#places + 1] = place end
end
for mark in string.gmatch(now, '.') do marks[#marks + 1] = mark end
for i, place in ipairs(places) do
  local was, letter = marks[place - low + 1], string.sub(ARGV[4], i, i)
  if was == '!' and letter == '.' then letter = '?' end  -- the first call is still without an answer
  if was == '?' or was == '!' or (was == ARGV[1] and letter == ARGV[2]) then marks[place - low + 1] = letter end
end
redis.call('SETRANGE', KEYS[1], low, table.concat(marks))
return 1
