import type { Redis } from 'ioredis'

/**
 * The scripts by which a task's Redis copy is written and read. `meta` holds `owner` (the token of whoever may write),
 * `fence` (the take-over number of that token), `data` (the name of the copy), `stamp` (changelog offset up to which
 * the copy is complete; missing while it is being built), `at` (wall clock of the stamp, ms), `topic` (id of the
 * changelog topic) and `nodes` (node ids with timers, comma-separated).
 */

/**
 * Takes the copy over.
 *
 *   KEYS[1] meta   ARGV[1] owner   ARGV[2] fence
 *   → { 'FENCED' }: somebody with a higher fence was here, or
 *     { 'OK', data, stamp, at, topic, nodes } of the copy that is there, '' for what is missing
 */
const ENTER = `
local fence = redis.call('HGET', KEYS[1], 'fence')
if fence and tonumber(fence) > tonumber(ARGV[2]) then return { 'FENCED' } end
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
 * Writes rows and timers; the last part of a commit also moves the stamp, and with it writes the whole of meta. Every
 * write is "set to value", never "add".
 *
 *   KEYS[1] meta   KEYS[2] state   KEYS[3…] timers, one per node
 *   ARGV[1] owner   ARGV[2] stamp so far ('' while building)   ARGV[3] new stamp ('' unless last)   ARGV[4] wall clock
 *   ARGV[5] fence   ARGV[6] data   ARGV[7] topic   ARGV[8] nodes
 *   ARGV[9] the rows, packed by `packChanges`; no key twice
 *   → 'OK' | 'FENCED' | 'GAP': the copy is not what this task wrote last
 */
const APPLY = `
local meta = redis.call('HMGET', KEYS[1], 'owner', 'stamp')
if meta[1] and meta[1] ~= ARGV[1] then return 'FENCED' end
if not meta[1] and ARGV[2] == '' then return 'GAP' end
if (meta[2] or '') ~= ARGV[2] then return 'GAP' end
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
  if flags >= 2 then
    time, at = struct.unpack('>d', rows, at)
    local timers = adds[2 + node]
    timers[#timers + 1] = time
    timers[#timers + 1] = field
  elseif node > 0 then
    local timers = rems[2 + node]
    timers[#timers + 1] = field
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
  for i = 3, #KEYS do redis.call('ZADD', KEYS[i], ARGV[3], '@stamp') end
  redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'stamp', ARGV[3], 'at', ARGV[4], 'fence', ARGV[5], 'data', ARGV[6],
    'topic', ARGV[7], 'nodes', ARGV[8])
end
return 'OK'`

/**
 * Reads rows, if the copy is ours and complete enough.
 *
 *   KEYS[1] meta   KEYS[2] state   ARGV[1] owner   ARGV[2] least stamp   ARGV[3…] fields
 *   → { 'OK', value or nil, … } | { 'GAP' }
 */
const READ = `
local meta = redis.call('HMGET', KEYS[1], 'owner', 'stamp')
if meta[1] ~= ARGV[1] or not meta[2] or tonumber(meta[2]) < tonumber(ARGV[2]) then return { 'GAP' } end
local reply = redis.call('HMGET', KEYS[2], unpack(ARGV, 3))
table.insert(reply, 1, 'OK')
return reply`

/**
 * Checks that all parts of the copy carry the same stamp: parts that were lost or restored alone do not.
 *
 *   KEYS[1] meta   KEYS[2] state   KEYS[3…] timers
 *   → 1 where they agree, else 0
 */
const AGREE = `
local stamp = redis.call('HGET', KEYS[1], 'stamp')
if not stamp or redis.call('HGET', KEYS[2], '@stamp') ~= stamp then return 0 end
for i = 3, #KEYS do
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
  copyAgree(keyCount: number, ...keys: string[]): Promise<number>
}

/** A connection that knows the scripts. */
export type StateRedis = Redis & StateCommands

/** Adds the scripts to a connection. */
export function withStateCommands(redis: Redis, apply: string = APPLY): StateRedis {
  redis.defineCommand('copyEnter', { numberOfKeys: 1, lua: ENTER })
  redis.defineCommand('copyBegin', { numberOfKeys: 1, lua: BEGIN })
  redis.defineCommand('copyApply', { lua: apply })
  redis.defineCommand('copyRead', { numberOfKeys: 2, lua: READ })
  redis.defineCommand('copyAgree', { lua: AGREE })
  return redis as StateRedis
}

/**
 * `APPLY` without the comparison of stamps: a copy that lost its past is written on as if nothing had happened. Only
 * for the test that proves that the comparison is needed.
 */
export const APPLY_WITHOUT_STAMP_CHECK = APPLY.replace(
  "if (meta[2] or '') ~= ARGV[2] then return 'GAP' end\n",
  '',
)
