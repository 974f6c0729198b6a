/**
 * What the local servers are: versions, default ports, and the settings that give the same behaviour whether a
 * server runs natively or through docker-compose.yml (compose.test.ts compares the two). Only what depends on
 * the place (addresses to bind, folders, listeners) is left to the launchers.
 */

/** The four servers, in the order in which they are shown. */
export const serverNames = ['kafka', 'elasticsearch', 'redis', 'postgres'] as const

/** Name of one of the local servers. */
export type ServerName = (typeof serverNames)[number]

/** What every server has in common. */
export interface ServerSettings {
  /** Name for people. */
  label: string
  /** Image and tag in docker-compose.yml. */
  image: string
  /** Port used when `portVariable` is not set. */
  defaultPort: number
  /** Environment variable that changes the port. */
  portVariable: string
}

/** Apache Kafka: one KRaft node that is broker and controller. */
export const kafkaSettings = {
  label: 'Kafka',
  version: '4.4.0',
  image: 'apache/kafka:4.4.0',
  defaultPort: 19092,
  portVariable: 'MILLRACE_KAFKA_PORT',
  /** Base64 of 16 fixed bytes. A cluster id only has to differ between clusters that could meet. */
  clusterId: 'bWlsbHJhY2UtbG9jYWwtMQ',
  heap: ['-Xms256m', '-Xmx768m'],
  properties: {
    'process.roles': 'broker,controller',
    // The executor creates every topic with its own settings; a topic made by accident would have the wrong ones.
    'auto.create.topics.enable': 'false',
    // One broker can hold one replica: transactions and group offsets must not wait for others.
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    // Each partition of these topics is created and loaded at start-up; the default of 50 each takes seconds.
    // More than one, so that transactional ids and groups still spread over partitions as in production.
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.num.partitions': '4',
    // A lone consumer need not wait three seconds for others to join its group.
    'group.initial.rebalance.delay.ms': '0',
    // Changelogs are compacted topics. The default buffer of 128 MB would be a sixth of the heap.
    'log.cleaner.enable': 'true',
    'log.cleaner.dedupe.buffer.size': '33554432',
  },
} as const satisfies ServerSettings & Record<string, unknown>

/** Elasticsearch: one node, no security: it listens on loopback only. */
export const elasticsearchSettings = {
  label: 'Elasticsearch',
  version: '9.5.3',
  image: 'elasticsearch:9.5.3',
  defaultPort: 19200,
  portVariable: 'MILLRACE_ES_PORT',
  heap: ['-Xms256m', '-Xmx512m'],
  settings: {
    'cluster.name': 'millrace',
    'node.name': 'local',
    'discovery.type': 'single-node',
    // A laptop with a nearly full disk must not turn every index read-only.
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
  },
} as const satisfies ServerSettings & Record<string, unknown>

/**
 * Redis. The native one comes from the system (any version from `minimumVersion`); the image is the nearest
 * release line that still gets security fixes.
 */
export const redisSettings = {
  label: 'Redis',
  minimumVersion: '7.0',
  image: 'redis:7.2.11',
  defaultPort: 16379,
  portVariable: 'MILLRACE_REDIS_PORT',
  /** BullMQ needs `noeviction`; state copies survive a restart through the append-only file. */
  flags: {
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
  },
} as const satisfies ServerSettings & Record<string, unknown>

/** Postgres: the api's database. */
export const postgresSettings = {
  label: 'Postgres',
  version: '18.4',
  image: 'postgres:18.4',
  defaultPort: 15432,
  portVariable: 'MILLRACE_PG_PORT',
  user: 'millrace',
  database: 'millrace',
  /** `--no-sync`: a new, empty cluster that a power cut spoils is simply made again. */
  initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'],
  flags: {
    max_connections: '100',
    shared_buffers: '64MB',
  },
} as const satisfies ServerSettings & Record<string, unknown>

/** All servers by name, for what concerns them alike. */
export const serverSettings = {
  kafka: kafkaSettings,
  elasticsearch: elasticsearchSettings,
  redis: redisSettings,
  postgres: postgresSettings,
} satisfies Record<ServerName, ServerSettings>
