export { createElasticsearch, type ElasticsearchOptions } from './elasticsearch.ts'
export { forcedMode, type StackMode, type StackPlace, type StackPorts, stackPlace } from './environment.ts'
export { createKafka, type KafkaOptions, type KafkaVoter } from './kafka.ts'
export { assertPortFree, freePort, isPortFree } from './ports.ts'
export { createPostgres, type PostgresOptions } from './postgres.ts'
export { createRedis, type RedisOptions } from './redis.ts'
export type { Server, StackProgress, StartOptions, StartStep } from './server.ts'
export { type ServerName, serverNames } from './settings.ts'
export {
  type RunningStack,
  resetStack,
  type ServerStatus,
  type StackAddresses,
  type StackOptions,
  stackStatus,
  startStack,
  stopStack,
} from './stack.ts'
export { StackError, type StackErrorCode } from './stack-error.ts'
export { ensureChromium, type InstallOptions } from './system-packages.ts'
