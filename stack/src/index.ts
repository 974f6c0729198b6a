export { claimFolder, releaseFolder } from './claim.ts'
export { createElasticsearch, type ElasticsearchOptions } from './elasticsearch.ts'
export { forcedMode, type StackMode, type StackPlace, type StackPorts, stackPlace } from './environment.ts'
export { type FlinkOptions, flinkVersion, type RunningFlink, startFlink } from './flink.ts'
export { findJdk, type Jdk } from './jdk.ts'
export { createKafka, type KafkaOptions, type KafkaVoter } from './kafka.ts'
export { assertPortFree, freePort, isPortFree } from './ports.ts'
export { createPostgres, type PostgresOptions } from './postgres.ts'
export { createRedis, type RedisOptions } from './redis.ts'
export type { Server, StackProgress, StartOptions, StartStep } from './server.ts'
export { type ServerName, serverNames, serverSettings } from './settings.ts'
export {
  type NativeStack,
  type RunningStack,
  type StackAddresses,
  type StackOptions,
  startStack,
} from './stack.ts'
export { type ServerStatus, stackDown, stackReset, stackStatus, stackUp } from './stack-commands.ts'
export { StackError, type StackErrorCode } from './stack-error.ts'
export { ensureChromium, type InstallOptions } from './system-packages.ts'
