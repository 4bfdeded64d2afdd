-- After a provider call: write what its positions became. Needs no token: an answer is true whoever heard it.
-- KEYS: marks. ARGV: unknown letter, accepted letter, then pairs of position and letter ('.' to try again).
-- Returns 0 when the marks are gone, else 1.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for i = 3, #ARGV, 2 do
  local place, letter = tonumber(ARGV[i]), ARGV[i + 1]
  local was = redis.call('GETRANGE', KEYS[1], place, place)
  if was == '!' and letter == '.' then letter = '?' end  -- the first call is still without an answer
  if was == '?' or was == '!' or (was == ARGV[1] and letter == ARGV[2]) then
    redis.call('SETRANGE', KEYS[1], place, letter)
  end
end
return 1
