import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'

/** `GET /api/health`: the only thing that is told without a session. */
export const healthSchema = Type.Object(
  {
    ok: Type.Boolean({ description: 'True where all of them answer' }),
    postgres: Type.Boolean(),
    redis: Type.Boolean(),
  },
  { additionalProperties: false },
)

/** What `healthSchema` describes. */
export type Health = Static<typeof healthSchema>

/** Asks Postgres and Redis whether they are there, for at most two seconds. */
export async function checkHealth({
  prisma,
  redis,
}: Pick<FastifyInstance, 'prisma' | 'redis'>): Promise<Health> {
  const [postgres, redisAnswers] = await Promise.all([
    answers(prisma.$queryRaw`SELECT 1`),
    answers(redis.ping()),
  ])
  return { ok: postgres && redisAnswers, postgres, redis: redisAnswers }
}

const PATIENCE_MS = 2_000

async function answers(question: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, false)
  })
  const answered = question.then(
    () => true,
    () => false,
  )
  return Promise.race([answered, late]).finally(() => clearTimeout(timer))
}
