-- Give the lease back, after what is left was handed on with this turn: older copies fall from now on.
-- KEYS: lease, turn. ARGV: token, turn, epoch.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local stored, of = string.match(redis.call('GET', KEYS[2]) or '', '^(%d+):?(.*)$')
if stored and (of == '' or of == ARGV[3]) and tonumber(ARGV[2]) > tonumber(stored) then
  redis.call('SET', KEYS[2], ARGV[2] .. ':' .. ARGV[3], 'KEEPTTL')
end
return redis.call('DEL', KEYS[1])
