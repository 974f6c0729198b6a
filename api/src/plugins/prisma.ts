import { PrismaPg } from '@prisma/adapter-pg'
import fp from 'fastify-plugin'
import { PrismaClient } from '../generated/prisma/client.ts'

declare module 'fastify' {
  interface FastifyInstance {
    readonly prisma: PrismaClient
  }
}

/** A client of the database. It connects at its first query, so that the api starts while Postgres is down. */
export function createPrisma(databaseUrl: string): PrismaClient {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 3_000,
    query_timeout: 15_000,
  })
  return new PrismaClient({ adapter })
}

/** Postgres as `app.prisma`, closed with the app. */
export const prismaPlugin = fp<{ databaseUrl: string }>(
  async (app, { databaseUrl }) => {
    const prisma = createPrisma(databaseUrl)
    app.decorate('prisma', prisma)
    app.addHook('onClose', () => prisma.$disconnect())
  },
  { name: 'prisma' },
)
