import { describe, expect, test } from 'vitest'
import { forcedMode, stackPlace } from './environment.ts'

const refused = expect.objectContaining({ code: 'STACK_BAD_SETTING' })

describe('stackPlace', () => {
  test('uses .millrace in the checkout and the default ports when nothing is set', () => {
    expect(stackPlace('/checkout', {})).toEqual({
      dataDir: '/checkout/.millrace',
      cacheDir: '/checkout/.millrace/cache',
      ports: { kafka: 19092, elasticsearch: 19200, redis: 16379, postgres: 15432 },
    })
  })

  test('takes folders from the environment, relative ones in the checkout', () => {
    expect(stackPlace('/checkout', { MILLRACE_DATA: 'data', MILLRACE_CACHE: '/shared' })).toMatchObject({
      dataDir: '/checkout/data',
      cacheDir: '/shared',
    })
  })

  test('takes each port from its variable', () => {
    const env = {
      MILLRACE_KAFKA_PORT: '1',
      MILLRACE_ES_PORT: '2',
      MILLRACE_REDIS_PORT: '3',
      MILLRACE_PG_PORT: '65535',
    }
    expect(stackPlace('/', env).ports).toEqual({ kafka: 1, elasticsearch: 2, redis: 3, postgres: 65_535 })
  })

  test.each(['0', '65536', '-1', '1.5', 'abc', '1e3', ' 80'])('refuses %j as a port', (port) => {
    expect(() => stackPlace('/', { MILLRACE_ES_PORT: port })).toThrow(refused)
  })

  test('refuses one port for two servers and names both variables', () => {
    expect(() => stackPlace('/', { MILLRACE_REDIS_PORT: '19092' })).toThrow(
      'MILLRACE_KAFKA_PORT and MILLRACE_REDIS_PORT choose the same port 19092',
    )
  })
})

describe('forcedMode', () => {
  test.each([
    [{}, undefined],
    [{ MILLRACE_STACK: '' }, undefined],
    [{ MILLRACE_STACK: 'native' }, 'native'],
    [{ MILLRACE_STACK: 'docker' }, 'docker'],
  ])('of %j is %s', (env, mode) => {
    expect(forcedMode(env)).toBe(mode)
  })

  test('refuses anything else', () => {
    expect(() => forcedMode({ MILLRACE_STACK: 'podman' })).toThrow(refused)
  })
})
