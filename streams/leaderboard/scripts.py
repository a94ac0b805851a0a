"""The two atomic steps in Redis. A board's keys share a hash tag, so a step touches one slot."""

_OPERATIONS = """
for _, op in ipairs(cmsgpack.unpack(ARGV[1])) do
  if op[1] == 'key+' then
    for i = 3, #op do
      if redis.call('HINCRBY', KEYS[2], op[i], 1) == 1 then redis.call('ZADD', KEYS[1], 0, op[i]) end
    end
  elseif op[1] == 'key-' then
    for i = 3, #op do
      if redis.call('HINCRBY', KEYS[2], op[i], -1) <= 0 then
        redis.call('HDEL', KEYS[2], op[i])
        redis.call('ZREM', KEYS[1], op[i])
      end
    end
  else
    redis.call(unpack(op))
  end
end
"""

RUN = f"""
-- KEYS: keys, keycount. ARGV: operations.
{_OPERATIONS}
return 1
"""

LOAD = """
-- KEYS: live hash. ARGV: view, key prefix, how many meta fields, meta fields …, all?, held?, entries …
local generation = redis.call('HGET', KEYS[1], ARGV[1])
if not generation then return false end
local base = ARGV[2] .. generation .. ':'
local fields = tonumber(ARGV[3])
local meta = {}
for i = 1, fields do meta[i] = redis.call('HGET', base .. 'meta', ARGV[3 + i]) end
local at = 3 + fields
local found = {generation, meta, {}, {}, {}, {}, {}}
if ARGV[at + 1] == '1' then
  found[6] = redis.call('HGETALL', base .. 'entries')
  found[7] = redis.call('HGETALL', base .. 'rows')
else
  for i = at + 3, #ARGV do
    found[3][i - at - 2] = redis.call('HGET', base .. 'entries', ARGV[i])
    found[4][i - at - 2] = redis.call('HGET', base .. 'rows', ARGV[i])
  end
end
if ARGV[at + 2] == '1' then found[5] = redis.call('LRANGE', base .. 'held', 0, -1) end
return found
"""

COMMIT = f"""
-- KEYS: keys, keycount, live hash, meta, feed.
-- ARGV: operations, view, generation, positions (field, expected …), frame, message, milliseconds kept.
-- Refused (0) unless the generation in force and every position are what the writer folded from.
if redis.call('HGET', KEYS[3], ARGV[2]) ~= ARGV[3] then return 0 end
local expected = cmsgpack.unpack(ARGV[4])
for i = 1, #expected, 2 do
  if (redis.call('HGET', KEYS[4], expected[i]) or '') ~= expected[i + 1] then return 0 end
end
{_OPERATIONS}
if ARGV[5] ~= '' then
  redis.call('XADD', KEYS[5], '*', 'frame', ARGV[5])
  if redis.call('XLEN', KEYS[5]) > 256 then
    local now = redis.call('TIME')
    local oldest = tonumber(now[1]) * 1000 - tonumber(ARGV[7])
    redis.call('XTRIM', KEYS[5], 'MINID', '~', string.format('%.0f', oldest))
  end
  redis.call('PUBLISH', 'lt:changed', ARGV[6])
end
return 1
"""

SWAP = """
-- KEYS: live hash, old meta, new meta, feed.
-- ARGV: view, old generation, new one, frame, message, position fields …
-- Returns 1, 0 (another generation came into force), or -1 (the live board is ahead: catch up first).
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[2] ~= '' then
  for i = 6, #ARGV do
    local live = tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or '0')
    local mine = tonumber(redis.call('HGET', KEYS[3], ARGV[i]) or '0')
    if live > mine then return -1 end
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
-- Frames of the old generation may tell what the new one does not show.
redis.call('DEL', KEYS[4])
redis.call('XADD', KEYS[4], '*', 'frame', ARGV[4])
redis.call('PUBLISH', 'lt:changed', ARGV[5])
return 1
"""
