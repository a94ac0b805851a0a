"""The reads of a board, each one script: rows, places and cursor belong to the same instant.

`key` and `order` are the first members of those names in a row's JSON: LiveRow declares them before any
member whose value people choose the names of, and a quote inside a text is escaped.
"""

_OPEN = """
-- KEYS: live hash, feed. ARGV: view, key prefix, …
local generation = redis.call('HGET', KEYS[1], ARGV[1])
if not generation then return 0 end
local base = ARGV[2] .. generation .. ':'
local head = redis.call('HGET', base .. 'meta', 'head')
if not head or head == 'null' then return false end
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local cursor = last[1] and last[1][1] or '0-0'
local places = cjson.decode(head)['places']
local index, guests, keys, rows = base .. 'index', base .. 'guests', base .. 'keys', base .. 'rows'

local function member_of(row, name)
  -- a plain search first: a pattern would be tried at every byte
  local _, last = string.find(row, name, 1, true)
  return last and string.match(row, '^[^"]*', last + 1) or ''
end

local function before(text)
  -- placed rows that sort before a text
  return redis.call('ZLEXCOUNT', index, '-', '(' .. text) - redis.call('ZLEXCOUNT', guests, '-', '(' .. text)
end

local function place_at(key, order)
  if places == '1223' then return 1 + redis.call('ZLEXCOUNT', keys, '-', '(' .. key) end
  return 1 + before(places == '1234' and order or key)
end

local function place_after(last, key)
  -- the place of the next placed row of the board
  if places == '1234' then return last.place + 1 end
  if key == last.key then return last.place end
  return last.place + (places == '1223' and 1 or last.equals)
end

local function entry_in(member) return string.match(member, '^[^\\t]*\\t(.*)$') end

local function shown(members, neighbours)
  -- {row, place, rows with the same key, …} of index members; 0, 0 for rows that take no place.
  -- `neighbours` follow each other on the board, so that only the first place has to be counted.
  local found, ids, texts = {}, {}, {}
  if #members == 0 then return found end
  for i, member in ipairs(members) do ids[i] = entry_in(member) end
  local bodies = redis.call('HMGET', rows, unpack(ids))
  for i, row in ipairs(bodies) do texts[i] = row and member_of(row, '"key":"') or '' end
  local counts = redis.call('HMGET', base .. 'keycount', unpack(texts))
  local last
  for i, row in ipairs(bodies) do
    local place, equals = 0, 0
    if row then
      if not string.find(row, '"placed":false', 1, true) then
        equals = tonumber(counts[i] or '0')
        if neighbours and last then
          place = place_after(last, texts[i])
        else
          place = place_at(texts[i], member_of(row, '"order":"'))
        end
        last = {key = texts[i], place = place, equals = equals}
      end
      found[#found + 1] = row
      found[#found + 1] = place
      found[#found + 1] = equals
    end
  end
  return found
end

local function stage_place(path, start)
  -- the place of a value, whose members all begin with `start`, by that stage alone
  local zset = base .. 'stage:' .. path
  return 1 + redis.call('ZLEXCOUNT', zset, '-', '(' .. start),
         redis.call('ZLEXCOUNT', zset, '[' .. start, '(' .. start .. '\\255')
end
"""

PAGE = (
    _OPEN
    + """
-- … part, offset, limit.
local zset = base .. ARGV[3]
local offset, limit = tonumber(ARGV[4]), tonumber(ARGV[5])
local members = limit > 0 and redis.call('ZRANGE', zset, offset, offset + limit - 1) or {}
local stages = {}
if string.sub(ARGV[3], 1, 6) == 'stage:' then
  local path = string.sub(ARGV[3], 7)
  for i, member in ipairs(members) do
    local place, equals = stage_place(path, string.match(member, '^(.*\\t)'))
    stages[2 * i - 1], stages[2 * i] = place, equals
  end
end
return {head, cursor, redis.call('ZCARD', zset), shown(members, ARGV[3] == 'index'), stages}
"""
)

ENTRY = (
    _OPEN
    + """
-- … entry, rows on each side.
local row = redis.call('HGET', rows, ARGV[3])
if not row then return {head, cursor} end
local order, key = member_of(row, '"order":"'), member_of(row, '"key":"')
local rank = redis.call('ZRANK', index, order .. '\\t' .. ARGV[3])
if not rank then return {head, cursor} end
local each = tonumber(ARGV[4])
local first = math.max(0, rank - each)
local around = redis.call('ZRANGE', index, first, rank + each)
local ahead = {}
-- Guests may stand between two places.
for _, member in ipairs(redis.call('ZREVRANGEBYLEX', index, '(' .. key, '-', 'LIMIT', 0, 50)) do
  if not redis.call('ZSCORE', guests, member) then
    ahead = shown({member})
    break
  end
end
local own = shown({order .. '\\t' .. ARGV[3]})
return {head, cursor, rank, own, ahead, shown(around, true)}
"""
)

STAGES = (
    _OPEN
    + """
-- … then path and start of the members of each stage.
local found = {}
for i = 3, #ARGV, 2 do
  local place, equals = stage_place(ARGV[i], ARGV[i + 1])
  found[#found + 1] = place
  found[#found + 1] = equals
end
return found
"""
)

SEARCH = (
    _OPEN
    + """
-- … text, most members to look at, most entries to answer.
local members = redis.call(
  'ZRANGEBYLEX', base .. 'names', '[' .. ARGV[3], '(' .. ARGV[3] .. '\\255', 'LIMIT', 0, ARGV[4])
local seen, found, most = {}, {}, tonumber(ARGV[5])
local more = #members == tonumber(ARGV[4]) and 1 or 0
for _, member in ipairs(members) do
  local entry = entry_in(member)
  if not seen[entry] then
    seen[entry] = true
    if #found == most then
      more = 1
      break
    end
    found[#found + 1] = member
  end
end
return {head, cursor, more, shown(found)}
"""
)

STATE = (
    _OPEN
    + """
-- … all entries?, entries …. The fold's state of the board and of these entries.
local state = redis.call('HGET', base .. 'meta', 'state')
if ARGV[3] == '1' then return {head, cursor, state, redis.call('HVALS', base .. 'entries')} end
return {head, cursor, state, redis.call('HMGET', base .. 'entries', unpack(ARGV, 4))}
"""
)
