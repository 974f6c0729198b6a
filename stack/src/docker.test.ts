import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { composeCommand, composeFile } from './docker.ts'
import { postgresPassword } from './postgres.ts'

const dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-docker-'))
const ports = { kafka: 1, elasticsearch: 2, redis: 3, postgres: 4 }
const place = { dataDir, cacheDir: path.join(dataDir, 'cache'), ports }
const servers = ['compose', '--file', composeFile, '--profile', 'servers']

afterAll(() => rmSync(dataDir, { recursive: true }))

describe('composeCommand', () => {
  test.each([
    ['up', ['up', '--detach', '--wait', '--quiet-pull']],
    ['running', ['ps', '--services', '--status', 'running']],
    ['down', ['down']],
    ['reset', ['down', '--volumes']],
  ] as const)('%s concerns the profile of the servers', (action, words) => {
    expect(composeCommand(action, place).args).toEqual([...servers, ...words])
  })

  test('stop concerns only the servers that are named', () => {
    expect(composeCommand('stop', place, {}, ['kafka', 'redis']).args).toEqual([
      ...servers,
      'stop',
      'kafka',
      'redis',
    ])
  })

  test('hands on the ports and the password of the data folder', () => {
    expect(composeCommand('up', place, {}).env).toMatchObject({
      MILLRACE_KAFKA_PORT: '1',
      MILLRACE_ES_PORT: '2',
      MILLRACE_REDIS_PORT: '3',
      MILLRACE_PG_PORT: '4',
      MILLRACE_PG_PASSWORD: postgresPassword(path.join(dataDir, 'postgres')),
    })
  })

  test('satisfies the variable that only the apps need, and keeps a real one', () => {
    expect(composeCommand('up', place, {}).env?.MILLRACE_SECRET_KEY).toMatch(/./)
    expect(composeCommand('up', place, { MILLRACE_SECRET_KEY: 'real' }).env?.MILLRACE_SECRET_KEY).toBe('real')
  })
})
