import type { ConnectionBody } from '@millrace/contracts'
import { type Message, msg } from '../i18n/t.ts'

/** One setting of a connection, as its form shows it. */
export interface ConnectionSetting {
  readonly name: string
  readonly label: Message
  readonly description: Message
  readonly placeholder?: string
  readonly required?: boolean
  /** Secrets can be written, never read. */
  readonly secret?: boolean
  /** Only these values; the first stands for "not set". */
  readonly choices?: readonly { readonly value: string; readonly label: Message }[]
}

/** A kind of connection with all that its form needs. */
export interface ConnectionKindInfo {
  readonly title: string
  readonly summary: Message
  readonly settings: readonly ConnectionSetting[]
}

/** The kinds of connections. Names of settings are those that the api allows. */
export const CONNECTION_KINDS = {
  kafka: {
    title: 'Kafka',
    summary: msg('Topics to read and to write.'),
    settings: [
      {
        name: 'brokers',
        label: msg('Brokers'),
        description: msg('Host and port of one or more brokers, with commas between them.'),
        placeholder: 'broker-1:9092, broker-2:9092',
        required: true,
      },
      {
        name: 'tls',
        label: msg('Encryption'),
        description: msg('Whether the brokers are reached over TLS.'),
        choices: [
          { value: '', label: msg('None') },
          { value: 'true', label: msg('TLS') },
        ],
      },
      {
        name: 'saslMechanism',
        label: msg('Sign-in'),
        description: msg('How Millrace signs in to the brokers.'),
        choices: [
          { value: '', label: msg('None') },
          { value: 'plain', label: msg('Plain') },
          { value: 'scram-sha-256', label: msg('SCRAM-SHA-256') },
          { value: 'scram-sha-512', label: msg('SCRAM-SHA-512') },
        ],
      },
      { name: 'username', label: msg('User'), description: msg('Only with a sign-in.') },
      { name: 'password', label: msg('Password'), description: msg('Only with a sign-in.'), secret: true },
    ],
  },
  elasticsearch: {
    title: 'Elasticsearch',
    summary: msg('Indices to write and to look into.'),
    settings: [
      {
        name: 'node',
        label: msg('Address'),
        description: msg('With http or https, without user and password.'),
        placeholder: 'https://elastic.example.org:9200',
        required: true,
      },
      { name: 'username', label: msg('User'), description: msg('Empty where the cluster asks for none.') },
      { name: 'password', label: msg('Password'), description: msg('Of that user.'), secret: true },
      {
        name: 'apiKey',
        label: msg('API key'),
        description: msg('In place of user and password.'),
        secret: true,
      },
    ],
  },
} as const satisfies Record<ConnectionBody['kind'], ConnectionKindInfo>

/** What is known of a kind. */
export function kindInfo(kind: ConnectionBody['kind']): ConnectionKindInfo {
  return CONNECTION_KINDS[kind]
}

/** What names a connection: a valid id made from its label. */
export function idFrom(label: string): string {
  const words = label.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const id = words.join('-').replace(/^[0-9-]+/, '')
  return id.slice(0, 40).replace(/-+$/, '')
}
