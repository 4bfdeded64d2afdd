-- After a provider call: write what its positions became. Needs no token: an answer is true whoever heard it.
-- KEYS: marks. ARGV: unknown letter, accepted letter, positions with commas between, a letter for each ('.' to try
--   again).
-- Returns 0 when the marks are gone, else 1.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local places, marks = {}, {}
for place in string.gmatch(ARGV[3], '%d+') do places[#places + 1] = tonumber(place) end
local low = math.min(unpack(places))
for mark in string.gmatch(redis.call('GETRANGE', KEYS[1], low, math.max(unpack(places))), '.') do
  marks[#marks + 1] = mark
end
for i, place in ipairs(places) do
  local was, letter = marks[place - low + 1], string.sub(ARGV[4], i, i)
  if was == '!' and letter == '.' then letter = '?' end  -- the first call is still without an answer
  if was == '?' or was == '!' or (was == ARGV[1] and letter == ARGV[2]) then marks[place - low + 1] = letter end
end
redis.call('SETRANGE', KEYS[1], low, table.concat(marks))
return 1
