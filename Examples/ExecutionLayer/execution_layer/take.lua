-- Takes a permit once, however many executors ask.
-- KEYS: the permit's key, then the keys of the executor's own further permits    ARGV: the symbol of the order
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then return {'missing', KEYS[i]} end
end
local permit = redis.pcall('GET', KEYS[1])
if type(permit) ~= 'string' then return {'refused', ''} end
local ok, grant = pcall(cjson.decode, permit)
if not ok or type(grant) ~= 'table' then return {'refused', permit} end
if grant.granted ~= true or grant.symbol ~= ARGV[1] then return {'refused', permit} end
redis.call('DEL', unpack(KEYS))
return {'taken', permit}
