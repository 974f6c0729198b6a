import { canMove, DEPLOYMENT_STATES } from '@millrace/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../tests/setup/postgres.ts'
import { migratedSchema, runPrisma } from '../../tests/setup/prisma.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import { createPrisma } from './plugins/prisma.ts'

let database: TestDatabase
let prisma: PrismaClient

beforeAll(async () => {
  database = await createTestDatabase(inject('servers').postgres, await migratedSchema())
  prisma = createPrisma(database.url)
})

afterAll(async () => {
  await prisma.$disconnect()
  await database.drop()
})

const id = 'd1d1d1d1d1d1'

beforeEach(async () => {
  await prisma.pipeline.deleteMany()
  await prisma.pipeline.create({
    data: {
      id: 'p1p1p1p1p1p1',
      name: 'Sample',
      deployment: { create: { id, lastGeneration: 5, lastRun: 2 } },
    },
  })
})

/** Puts a deployment into a state, whatever the way there. */
async function force(state: string): Promise<void> {
  await prisma.$executeRawUnsafe('ALTER TABLE deployments DISABLE TRIGGER deployments_move')
  await prisma.$executeRaw`UPDATE deployments SET state = ${state}::deployment_state WHERE id = ${id}`
  await prisma.$executeRawUnsafe('ALTER TABLE deployments ENABLE TRIGGER deployments_move')
}

/** Whether the database takes it. */
async function takes(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  )
}

test('the migrations build what the schema describes', async () => {
  const compare = ['--from-migrations', 'prisma/migrations', '--to-schema-datamodel', 'prisma/schema.prisma']
  const output = await runPrisma(['migrate', 'diff', ...compare, '--exit-code'], database.url)
  expect(output).toContain('No difference detected')
})

describe('the lifecycle of a deployment', () => {
  test('is the one in contracts: every move is allowed there and here, or refused there and here', async () => {
    for (const from of DEPLOYMENT_STATES) {
      for (const to of DEPLOYMENT_STATES) {
        await force(from)
        const taken = await takes(prisma.deployment.update({ where: { id }, data: { state: to } }))
        expect([from, to, taken]).toEqual([from, to, from === to || canMove(from, to)])
      }
    }
  })

  test('begins stopped', async () => {
    const data = { id: 'd2d2d2d2d2d2', state: 'running' as const }
    const pipeline = { id: 'p2p2p2p2p2p2', name: 'Other', deployment: { create: data } }
    expect(await takes(prisma.pipeline.create({ data: pipeline }))).toBe(false)
  })
})

describe('the numbers of a deployment', () => {
  test.each([
    ['the generation in force', { generation: 3 }, { generation: 2 }],
    ['the highest generation', {}, { lastGeneration: 4 }],
    ['the highest run', {}, { lastRun: 1 }],
    ['the next stage number', { nextStageNumber: 4 }, { nextStageNumber: 3 }],
    ['the sequence', { sequence: 4 }, { sequence: 3 }],
  ])('%s does not go down', async (_, before, after) => {
    await prisma.deployment.update({ where: { id }, data: before })
    expect(await takes(prisma.deployment.update({ where: { id }, data: after }))).toBe(false)
  })

  test.each([
    ['generation', { generation: 6 }],
    ['run', { run: 3 }],
  ])('a %s is in force only after it was given out', async (_, data) => {
    expect(await takes(prisma.deployment.update({ where: { id }, data }))).toBe(false)
  })
})

describe('what was published', () => {
  const facts = { spec: '{}', facts: '{}' }

  test('a version cannot be changed', async () => {
    const version = { version: 1, graph: '{}', checksum: 'c', catalogue: 'c', plan: '{}', publishedBy: 'me' }
    await prisma.version.create({ data: { pipelineId: 'p1p1p1p1p1p1', publishedAt: new Date(), ...version } })
    expect(await takes(prisma.version.updateMany({ data: { graph: '[]' } }))).toBe(false)
  })

  test('a generation cannot be changed', async () => {
    await prisma.generation.create({
      data: { deploymentId: id, generation: 1, run: 1, version: 1, ...facts },
    })
    expect(await takes(prisma.generation.updateMany({ data: { spec: '[]' } }))).toBe(false)
    expect(await takes(prisma.generation.updateMany({ data: { facts: '[]' } }))).toBe(false)
  })

  test('the topics of a generation are written once', async () => {
    await prisma.generation.create({
      data: { deploymentId: id, generation: 1, run: 1, version: 1, ...facts },
    })
    expect(await takes(prisma.generation.updateMany({ data: { topics: '{}' } }))).toBe(true)
    expect(await takes(prisma.generation.updateMany({ data: { topics: '{"a":1}' } }))).toBe(false)
  })
})

describe('an operation', () => {
  const operation = {
    id: 'o1o1o1o1o1o1',
    deploymentId: id,
    kind: 'publish',
    previousGeneration: 0,
    previousState: 'stopped' as const,
    requestedBy: 'me',
    startedAt: new Date(),
  }

  test.each([
    ['an unknown kind', { kind: 'dance' }],
    ['an unknown outcome', { outcome: 'lost', endedAt: new Date() }],
    ['an outcome before its end', { outcome: 'done' }],
    ['an end without an outcome', { endedAt: new Date() }],
  ])('cannot have %s', async (_, wrong) => {
    expect(await takes(prisma.operation.create({ data: { ...operation, ...wrong } }))).toBe(false)
  })

  test('ends with its pipeline', async () => {
    await prisma.operation.create({ data: operation })
    await prisma.pipeline.deleteMany()
    expect(await prisma.operation.count()).toBe(0)
  })
})
