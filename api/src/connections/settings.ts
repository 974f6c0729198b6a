import type { ConnectionKind } from '@millrace/contracts'
import { AppError } from '../errors.ts'

/** One setting of a connection: nothing else reaches a client library. */
interface Setting {
  readonly pattern: RegExp
  /** Completes "… must be". */
  readonly meaning: string
  readonly required?: boolean
}

interface KindSettings {
  readonly settings: { readonly [name: string]: Setting }
  readonly secrets: { readonly [name: string]: Setting }
}

const HOST = '(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}\\])'
const TEXT: Setting = { pattern: /^[^\p{Cc}]{1,500}$/u, meaning: 'a text without control characters' }
const SECRET: Setting = { pattern: /^[^\p{Cc}]{1,2000}$/u, meaning: 'a text without control characters' }
const FLAG: Setting = { pattern: /^(true|false)$/, meaning: 'true or false' }

/** By kind: the settings that exist, and those of them that are secrets. */
export const CONNECTION_SETTINGS: Readonly<Record<ConnectionKind, KindSettings>> = {
  kafka: {
    settings: {
      brokers: {
        pattern: new RegExp(`^${HOST}:\\d{1,5}(?:, ?${HOST}:\\d{1,5}){0,49}$`),
        meaning: 'a list of brokers, as in broker-1:9092, broker-2:9092',
        required: true,
      },
      tls: FLAG,
      saslMechanism: {
        pattern: /^(plain|scram-sha-256|scram-sha-512)$/,
        meaning: 'plain, scram-sha-256 or scram-sha-512',
      },
      username: TEXT,
    },
    secrets: { password: SECRET },
  },
  elasticsearch: {
    settings: {
      node: {
        pattern: new RegExp(`^https?://${HOST}(?::\\d{1,5})?(?:/[A-Za-z0-9._~/-]{0,200})?$`),
        meaning: 'an address without user and password, as in https://elastic.example.org:9200',
        required: true,
      },
      username: TEXT,
    },
    secrets: { password: SECRET, apiKey: SECRET },
  },
}

/**
 * Checks settings and secrets against what their kind allows.
 *
 * @throws AppError `invalid_request`, which names the setting and never shows a secret
 */
export function checkSettings(
  kind: ConnectionKind,
  settings: { readonly [name: string]: string },
  secrets: { readonly [name: string]: string },
): void {
  const allowed = CONNECTION_SETTINGS[kind]
  checkNamed(kind, allowed.settings, settings)
  checkNamed(kind, allowed.secrets, secrets)
  const missing = Object.entries(allowed.settings).find(
    ([name, { required }]) => required && !Object.hasOwn(settings, name),
  )
  if (missing) refuse(`The setting "${missing[0]}" is missing: it must be ${missing[1].meaning}.`)
}

function checkNamed(
  kind: ConnectionKind,
  allowed: { readonly [name: string]: Setting },
  given: { readonly [name: string]: string },
): void {
  for (const [name, value] of Object.entries(given)) {
    const setting = Object.hasOwn(allowed, name) ? allowed[name] : undefined
    if (setting === undefined) {
      // Its name is not said back: a secret may have been put there.
      refuse(`A ${kind} connection has no such setting here; there is ${Object.keys(allowed).join(', ')}.`)
    }
    if (!setting.pattern.test(value)) refuse(`The setting "${name}" must be ${setting.meaning}.`)
  }
}

function refuse(message: string): never {
  throw new AppError('invalid_request', message)
}
