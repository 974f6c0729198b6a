import type { RuntimeCatalogue } from '@millrace/engine'
import type { Catalogue } from '@millrace/graph'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { Connections } from '../connections/connections.ts'
import { type PortFactories, Ports } from '../connections/ports.ts'
import type { Config } from '../environment.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'

/** How long executors are waited for, ms. */
export interface Patience {
  /** All tasks must run within this time after they may begin. */
  readonly start: number
  /** A drain that takes longer is put to the user. */
  readonly drain: number
  /** Executors must let go of a stopped deployment within this time. */
  readonly stop: number
}

/** How long executors are waited for unless set otherwise. */
export const PATIENCE: Patience = { start: 45_000, drain: 60_000, stop: 120_000 }

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
  readonly patience: Patience
  readonly log: FastifyBaseLogger
  /** Called when a step became due, so that nobody waits for the next look. */
  readonly stepIsDue: () => void
}

/** What a control is made of. */
export interface ControlParts
  extends Pick<Control, 'prisma' | 'redis' | 'catalogue' | 'runtimes' | 'log' | 'stepIsDue'> {
  readonly config: Pick<Config, 'secretKey' | 'replicationFactor'>
  readonly factories: PortFactories
  readonly patience?: Patience
}

/** Puts a control together. Its ports are the caller's to close. */
export function createControl({ config, factories, patience = PATIENCE, ...parts }: ControlParts): Control {
  const connections = new Connections(parts.prisma, config.secretKey)
  const { secretKey, replicationFactor } = config
  return {
    ...parts,
    connections,
    ports: new Ports(connections, factories),
    secretKey,
    replicationFactor,
    patience,
  }
}
