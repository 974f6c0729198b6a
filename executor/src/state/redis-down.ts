/** Answers by which Redis takes nothing for a while, by their first word. Any other refusal is a fault of ours. */
const REFUSALS: Readonly<Record<string, string>> = {
  OOM: 'Redis is full and takes no more',
  READONLY: 'Redis takes no writes: it is a replica',
  NOREPLICAS: 'Redis takes no writes: it has too few replicas',
  MISCONF: 'Redis takes no writes, since it cannot save them to its disk',
  LOADING: 'Redis is still loading its data',
  MASTERDOWN: 'Redis is a replica without its master',
  BUSY: 'Redis is held up by a script of somebody else',
  NOAUTH: 'Redis asks for a password',
  WRONGPASS: 'Redis does not accept the password',
  NOPERM: 'Redis does not let its user do what the executor needs',
}

/** Redis did not answer in time, or takes nothing now: what was asked may have happened or not. */
export class RedisDownError extends Error {
  constructor(cause: unknown, message = 'Redis is out of reach') {
    super(message, { cause })
    this.name = 'RedisDownError'
  }
}

/** Waits for an answer of Redis; a broken, silent or unwilling connection becomes a `RedisDownError`. */
export async function askRedis<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ReplyError') throw new RedisDownError(error)
    const refusal = REFUSALS[/^[A-Z]+/.exec(error.message)?.[0] ?? '']
    if (refusal !== undefined) throw new RedisDownError(error, refusal)
    throw error
  }
}

/** True where something that is none of ours stands under a key of ours. */
export function isWrongType(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('WRONGTYPE')
}
