import type { DeploymentSpec } from '@millrace/contracts'
import { decryptSecrets, type SecretSettings } from '@millrace/contracts/secrets'
import {
  connectKafka,
  type KafkaClient,
  type KafkaOptions,
  type SaslCredentials,
} from './kafka/wire/index.ts'
import { BacklogMonitor } from './task/backlog-monitor.ts'

/** A Kafka cluster as the tasks of this process share it. */
export interface KafkaAccess {
  readonly client: KafkaClient
  readonly backlog: BacklogMonitor
}

/** One connection per Kafka cluster and user, shared by all tasks. */
export class KafkaClients {
  readonly #executorId: string
  readonly #secretKey: Uint8Array
  readonly #clients = new Map<string, Promise<KafkaAccess>>()

  constructor(executorId: string, secretKey: Uint8Array) {
    this.#executorId = executorId
    this.#secretKey = secretKey
  }

  /** The client of a deployment's Kafka connection. A failed attempt is made anew by the next call. */
  of(spec: DeploymentSpec): Promise<KafkaAccess> {
    const options = { ...kafkaOptions(spec, this.secretsOf(spec, spec.kafka)), clientId: this.#executorId }
    const name = JSON.stringify(options)
    let access = this.#clients.get(name)
    if (access === undefined) {
      access = connectKafka(options).then((client) => ({ client, backlog: new BacklogMonitor(client) }))
      this.#clients.set(name, access)
      access.catch(() => this.#clients.delete(name))
    }
    return access
  }

  /** The secrets of a connection, decrypted. */
  secretsOf(spec: DeploymentSpec, connection: string): SecretSettings {
    const secrets = spec.connections[connection]?.secrets ?? null
    if (secrets === null) return {}
    return decryptSecrets(
      this.#secretKey,
      { deployment: spec.deployment, connection, version: spec.version },
      secrets,
    )
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const settled = await Promise.allSettled(this.#clients.values())
    for (const result of settled) {
      if (result.status !== 'fulfilled') continue
      result.value.backlog.close()
      result.value.client.close()
    }
  }
}

function kafkaOptions(spec: DeploymentSpec, secrets: SecretSettings): Omit<KafkaOptions, 'clientId'> {
  const settings = spec.connections[spec.kafka]?.settings
  if (settings?.brokers === undefined)
    throw new Error(`the deployment spec has no Kafka connection ${spec.kafka}`)
  const { saslMechanism, username } = settings
  return {
    brokers: settings.brokers.split(',').map((broker) => broker.trim()),
    ...(settings.tls === 'true' && { tls: {} }),
    ...(saslMechanism && username && { sasl: saslOf(saslMechanism, username, secrets.password ?? '') }),
  }
}

function saslOf(mechanism: string, username: string, password: string): SaslCredentials {
  return { mechanism: mechanism.toUpperCase() as SaslCredentials['mechanism'], username, password }
}
