import type { RuntimeCatalogue } from '@millrace/engine'
import type { Catalogue } from '@millrace/graph'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import type { Connections } from '../connections/connections.ts'
import type { Ports } from '../connections/ports.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'

/** What the work on pipelines and deployments needs: the same in the api and in its command line. */
export interface Control {
  readonly prisma: PrismaClient
  readonly redis: Redis
  readonly connections: Connections
  readonly ports: Ports
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
  readonly secretKey: Uint8Array
  /** Copies of the topics that are created. */
  readonly replicationFactor: number
  readonly log: FastifyBaseLogger
  /** Called when a step became due, so that nobody waits for the next look. */
  readonly stepIsDue: () => void
}
