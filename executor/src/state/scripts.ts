import type { Redis } from 'ioredis'

/**
 * The scripts by which a task's Redis copy is written and read. `meta` holds `owner` (the token of whoever may write),
 * `fence` (the take-over number of that token), `data` (the name of the copy), `stamp` (changelog offset up to which
 * the copy is complete; missing while it is being built), `at` (wall clock of the stamp, ms), `topic` (id of the
 * changelog topic) and `nodes` (ids of the nodes that keep state, comma-separated, with `*` where rows are indexed).
 *
 * `state` is a hash: state key → row, and `@stamp`. `index` is a sorted set of the state keys of indexed rows, all with
 * score 0, so that it can be read by lexical range; its stamp is a member of its own, `!stamp:<n>`, which sorts before
 * every state key. `timers` is one sorted set per node: state key by time, and `@stamp`.
 */

/**
 * Takes the copy over.
 *
 *   KEYS[1] meta   ARGV[1] owner   ARGV[2] fence
 *   → { 'FENCED' }: somebody with a higher fence was here, or (where nothing was committed between two take-overs, so
 *     that both have one fence) with a later epoch of the producer, or
 *     { 'OK', data, stamp, at, topic, nodes } of the copy that is there, '' for what is missing
 */
const ENTER = `
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then redis.call('DEL', KEYS[1]) end
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence and tonumber(fence) > tonumber(ARGV[2]) then return { 'FENCED' } end
if fence == ARGV[2] then
  local owner = redis.call('HGET', KEYS[1], 'owner') or ''
  local producer, epoch = owner:match('^%d+:(%d+):(%d+):')
  local mine, myEpoch = ARGV[1]:match('^%d+:(%d+):(%d+):')
  if producer and producer == mine and tonumber(epoch) > tonumber(myEpoch) then return { 'FENCED' } end
end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fence', ARGV[2])
local meta = redis.call('HMGET', KEYS[1], 'data', 'stamp', 'at', 'topic', 'nodes')
local reply = { 'OK' }
for i = 1, 5 do reply[i + 1] = meta[i] or '' end
return reply`

/**
 * Begins a new, empty copy; until it has a stamp nobody reads it.
 *
 *   KEYS[1] meta   ARGV[1] owner so far   ARGV[2] new owner   ARGV[3] fence   ARGV[4] topic   ARGV[5] nodes
 *   → 'OK' | 'FENCED': enter first
 */
const BEGIN = `
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 'FENCED' end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'fence', ARGV[3], 'data', ARGV[2], 'topic', ARGV[4], 'nodes', ARGV[5])
return 'OK'`

/**
 * A part of the script below: what was written last must be what is there, in every part of the copy. One that was lost
 * would else begin anew under the next stamp, and be taken for whole.
 */
const COMPARE_STAMPS = `
if (meta[2] or '') ~= ARGV[2] then return 'GAP' end
if ARGV[2] ~= '' then
  if redis.call('HGET', KEYS[2], '@stamp') ~= ARGV[2] then return 'GAP' end
  if not redis.call('ZSCORE', KEYS[3], '!stamp:' .. ARGV[2]) then return 'GAP' end
  for i = 4, #KEYS do
    local score = redis.call('ZSCORE', KEYS[i], '@stamp')
    if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 'GAP' end
  end
end`

/**
 * Writes rows and timers; the last part of a commit also moves the stamp, and with it writes the whole of meta. Every
 * write is "set to value", never "add".
 *
 *   KEYS[1] meta   KEYS[2] state   KEYS[3] index   KEYS[4…] timers, one per node
 *   ARGV[1] owner   ARGV[2] stamp so far ('' while building)   ARGV[3] new stamp ('' unless last)   ARGV[4] wall clock
 *   ARGV[5] fence   ARGV[6] data   ARGV[7] topic   ARGV[8] nodes
 *   ARGV[9] the rows, packed by `packChanges`; no key twice
 *   → 'OK' | 'FENCED' | 'GAP': the copy is not what this task wrote last
 */
const APPLY = `
local meta = redis.call('HMGET', KEYS[1], 'owner', 'stamp')
if meta[1] and meta[1] ~= ARGV[1] then return 'FENCED' end
if not meta[1] and ARGV[2] == '' then return 'GAP' end
${COMPARE_STAMPS}
local sets, dels, adds, rems = {}, {}, {}, {}
for i = 3, #KEYS do adds[i] = {} rems[i] = {} end
local at, rows = 1, ARGV[9]
while at <= #rows do
  local field, node, flags, value, time
  field, node, flags, at = struct.unpack('>I4c0BB', rows, at)
  if flags % 2 == 1 then
    value, at = struct.unpack('>I4c0', rows, at)
    sets[#sets + 1] = field
    sets[#sets + 1] = value
  else
    dels[#dels + 1] = field
  end
  if flags % 4 >= 2 then
    time, at = struct.unpack('>d', rows, at)
    local timers = adds[3 + node]
    timers[#timers + 1] = time
    timers[#timers + 1] = field
  elseif node > 0 then
    local timers = rems[3 + node]
    timers[#timers + 1] = field
  end
  if flags >= 4 and flags % 2 == 1 then
    local index = adds[3]
    index[#index + 1] = 0
    index[#index + 1] = field
  elseif flags >= 4 then
    local index = rems[3]
    index[#index + 1] = field
  end
end
if #sets > 0 then redis.call('HSET', KEYS[2], unpack(sets)) end
if #dels > 0 then redis.call('HDEL', KEYS[2], unpack(dels)) end
for i = 3, #KEYS do
  if #adds[i] > 0 then redis.call('ZADD', KEYS[i], unpack(adds[i])) end
  if #rems[i] > 0 then redis.call('ZREM', KEYS[i], unpack(rems[i])) end
end
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[2], '@stamp', ARGV[3])
  if ARGV[2] ~= '' then redis.call('ZREM', KEYS[3], '!stamp:' .. ARGV[2]) end
  redis.call('ZADD', KEYS[3], 0, '!stamp:' .. ARGV[3])
  for i = 4, #KEYS do redis.call('ZADD', KEYS[i], ARGV[3], '@stamp') end
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'stamp', ARGV[3], 'at', ARGV[4], 'fence', ARGV[5], 'data', ARGV[6],
    'topic', ARGV[7], 'nodes', ARGV[8])
end
return 'OK'`

/**
 * Reads rows, if the copy is ours, complete enough, and all there: a part that was lost under us has no stamp.
 *
 *   KEYS[1] meta   KEYS[2] state   ARGV[1] owner   ARGV[2] least stamp   ARGV[3…] fields
 *   → { 'OK', value or nil, … } | { 'GAP' }
 */
const READ = `
local meta = redis.call('HMGET', KEYS[1], 'owner', 'stamp')
if meta[1] ~= ARGV[1] or not meta[2] or tonumber(meta[2]) < tonumber(ARGV[2]) then return { 'GAP' } end
local reply = redis.call('HMGET', KEYS[2], '@stamp', unpack(ARGV, 3))
if reply[1] ~= meta[2] then return { 'GAP' } end
reply[1] = 'OK'
return reply`

/**
 * Reads the indexed rows of ranges, in order, as `READ` does; no more rows and bytes than one call should give.
 *
 *   KEYS[1] meta   KEYS[2] state   KEYS[3] index
 *   ARGV[1] owner   ARGV[2] least stamp   ARGV[3] rows at most   ARGV[4] bytes, about
 *   ARGV[5…] bounds of each range, as ZRANGEBYLEX takes them
 *   → { 'OK', for each range: number of rows, 1 where the range is whole, field, value, … } | { 'GAP' }
 */
const RANGE = `
local meta = redis.call('HMGET', KEYS[1], 'owner', 'stamp')
if meta[1] ~= ARGV[1] or not meta[2] or tonumber(meta[2]) < tonumber(ARGV[2]) then return { 'GAP' } end
if redis.call('HGET', KEYS[2], '@stamp') ~= meta[2] then return { 'GAP' } end
if not redis.call('ZSCORE', KEYS[3], '!stamp:' .. meta[2]) then return { 'GAP' } end
local reply, rows, bytes = { 'OK' }, tonumber(ARGV[3]), tonumber(ARGV[4])
for i = 5, #ARGV, 2 do
  local place, from, count, whole = #reply + 1, ARGV[i], 0, 0
  reply[place], reply[place + 1] = 0, 0
  while rows > 0 and bytes > 0 and whole == 0 do
    local size = math.min(rows, 100)
    local fields = redis.call('ZRANGEBYLEX', KEYS[3], from, ARGV[i + 1], 'LIMIT', 0, size)
    if #fields > 0 then
      local values = redis.call('HMGET', KEYS[2], unpack(fields))
      for j = 1, #fields do
        if not values[j] then return { 'GAP' } end
        reply[#reply + 1] = fields[j]
        reply[#reply + 1] = values[j]
        bytes = bytes - #values[j]
      end
    end
    rows, count = rows - #fields, count + #fields
    if #fields < size then whole = 1 else from = '(' .. fields[#fields] end
  end
  reply[place], reply[place + 1] = count, whole
end
return reply`

/**
 * Reads timers of a node in their order, by time and then by the bytes of their state keys, as `READ` does. It looks for
 * its place by halves: the timer that it goes on from may be gone, and any number may have one time.
 *
 *   KEYS[1] meta   KEYS[2] timers of the node
 *   ARGV[1] owner   ARGV[2] least stamp   ARGV[3] members at most
 *   ARGV[4] time, ARGV[5] state key from which to go on; '' and '': from the first on
 *   → { 'OK', state key, time, … }, among them perhaps '@stamp' | { 'GAP' }
 */
const TIMERS = `
local meta = redis.call('HMGET', KEYS[1], 'owner', 'stamp')
if meta[1] ~= ARGV[1] or not meta[2] or tonumber(meta[2]) < tonumber(ARGV[2]) then return { 'GAP' } end
local stamp = redis.call('ZSCORE', KEYS[2], '@stamp')
if not stamp or tonumber(stamp) ~= tonumber(meta[2]) then return { 'GAP' } end
local function isBelow(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end
local low = 0
if ARGV[4] ~= '' then
  low = redis.call('ZCOUNT', KEYS[2], '-inf', '(' .. ARGV[4])
  local high = redis.call('ZCOUNT', KEYS[2], '-inf', ARGV[4])
  while low < high do
    local middle = math.floor((low + high) / 2)
    if isBelow(redis.call('ZRANGE', KEYS[2], middle, middle)[1], ARGV[5]) then low = middle + 1 else high = middle end
  end
end
local reply = redis.call('ZRANGE', KEYS[2], low, low + ARGV[3] - 1, 'WITHSCORES')
table.insert(reply, 1, 'OK')
return reply`

/**
 * Checks that all parts of the copy carry the same stamp: parts that were lost or restored alone do not.
 *
 *   KEYS[1] meta   KEYS[2] state   KEYS[3] index   KEYS[4…] timers
 *   → 1 where they agree, else 0
 */
const AGREE = `
local stamp = redis.call('HGET', KEYS[1], 'stamp')
if not stamp or redis.call('HGET', KEYS[2], '@stamp') ~= stamp then return 0 end
if not redis.call('ZSCORE', KEYS[3], '!stamp:' .. stamp) then return 0 end
for i = 4, #KEYS do
  local score = redis.call('ZSCORE', KEYS[i], '@stamp')
  if not score or tonumber(score) ~= tonumber(stamp) then return 0 end
end
return 1`

/** The scripts as commands. */
export interface StateCommands {
  copyEnter(meta: string, owner: string, fence: number): Promise<string[]>
  copyBegin(meta: string, ...args: (string | number)[]): Promise<string>
  copyApply(keyCount: number, ...args: (string | number | Uint8Array)[]): Promise<string>
  copyReadBuffer(meta: string, state: string, ...args: (string | number)[]): Promise<(Buffer | null)[]>
  copyRangeBuffer(
    ...args: [meta: string, state: string, index: string, ...more: (string | number | Uint8Array)[]]
  ): Promise<(Buffer | number)[]>
  copyTimers(meta: string, timers: string, ...args: (string | number)[]): Promise<string[]>
  copyAgree(keyCount: number, ...keys: string[]): Promise<number>
}

/** A connection that knows the scripts. */
export type StateRedis = Redis & StateCommands

/** The scripts that compare stamps. */
interface CopyScripts {
  readonly apply: string
  readonly read: string
  readonly timers: string
}

const SCRIPTS: CopyScripts = { apply: APPLY, read: READ, timers: TIMERS }

/** Adds the scripts to a connection. */
export function withStateCommands(redis: Redis, { apply, read, timers }: CopyScripts = SCRIPTS): StateRedis {
  redis.defineCommand('copyEnter', { numberOfKeys: 1, lua: ENTER })
  redis.defineCommand('copyBegin', { numberOfKeys: 1, lua: BEGIN })
  redis.defineCommand('copyApply', { lua: apply })
  redis.defineCommand('copyRead', { numberOfKeys: 2, lua: read })
  redis.defineCommand('copyRange', { numberOfKeys: 3, lua: RANGE })
  redis.defineCommand('copyTimers', { numberOfKeys: 2, lua: timers })
  redis.defineCommand('copyAgree', { lua: AGREE })
  return redis as StateRedis
}

/**
 * The scripts without the comparison of stamps: a copy that lost its past is read and written on as if nothing had
 * happened. Only for the test that proves that the comparison is needed.
 */
export const SCRIPTS_WITHOUT_STAMP_CHECK: CopyScripts = {
  apply: APPLY.replace(COMPARE_STAMPS, ''),
  read: READ.replace(/^if .*'GAP'.*\n/gm, ''),
  timers: TIMERS.replace(/^if .*'GAP'.*\n/gm, ''),
}
