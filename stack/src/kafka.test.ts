import { describe, expect, test } from 'vitest'
import { renderProperties } from './java-properties.ts'
import { kafkaProperties } from './kafka.ts'
import { kafkaSettings } from './settings.ts'

const alone = { nodeId: 1, port: 9, voters: [{ nodeId: 1, controllerPort: 10 }], logDir: '/data' }

describe('kafkaProperties', () => {
  test('holds all shared settings', () => {
    expect(kafkaProperties(alone)).toMatchObject(kafkaSettings.properties)
  })

  test('binds and advertises every listener on the loopback address', () => {
    const properties = kafkaProperties(alone)
    expect(properties.listeners).toBe('PLAINTEXT://127.0.0.1:9,CONTROLLER://127.0.0.1:10')
    expect(properties['advertised.listeners']).toBe('PLAINTEXT://127.0.0.1:9')
  })

  test('names all voters and the own controller port of a node in a cluster', () => {
    const voters = [
      { nodeId: 1, controllerPort: 11 },
      { nodeId: 2, controllerPort: 12 },
    ]
    const properties = kafkaProperties({ nodeId: 2, port: 9, voters, logDir: '/data' })
    expect(properties['controller.quorum.voters']).toBe('1@127.0.0.1:11,2@127.0.0.1:12')
    expect(properties.listeners).toContain('CONTROLLER://127.0.0.1:12')
    expect(properties['node.id']).toBe('2')
  })

  test('lets extra properties win over the shared ones', () => {
    const properties = kafkaProperties(alone, {
      'offsets.topic.num.partitions': '8',
      'message.max.bytes': '99',
    })
    expect(properties).toMatchObject({ 'offsets.topic.num.partitions': '8', 'message.max.bytes': '99' })
  })

  test('refuses a node that is not among the voters', () => {
    expect(() => kafkaProperties({ ...alone, nodeId: 3 })).toThrow(RangeError)
  })
})

describe('renderProperties', () => {
  test('writes one line for each property, with backslashes kept through Java', () => {
    expect(renderProperties({ 'log.dirs': 'C:\\data', listeners: 'A://h:1,B://h:2' })).toBe(
      'log.dirs=C:\\\\data\nlisteners=A://h:1,B://h:2\n',
    )
  })
})
