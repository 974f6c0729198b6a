/** Redis did not answer, or not in time: what was asked may have happened or not. */
export class RedisDownError extends Error {
  constructor(cause: unknown) {
    super('Redis is out of reach', { cause })
    this.name = 'RedisDownError'
  }
}

/** Waits for an answer of Redis; a broken or silent connection becomes a `RedisDownError`. */
export async function askRedis<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    // Redis answers faults of ours with a ReplyError: those are not the connection's.
    if (error instanceof Error && error.name === 'ReplyError') throw error
    throw new RedisDownError(error)
  }
}
