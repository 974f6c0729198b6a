import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { EncryptedSecrets } from '../runtime/deployment-spec.ts'

/** What a ciphertext belongs to: it cannot be decrypted as anything else. */
export interface SecretsBinding {
  readonly deployment: string
  /** Connection id. */
  readonly connection: string
  /** Version of the pipeline, as in the deployment spec. */
  readonly version: number
}

/** Secret settings of a connection, by name. */
export type SecretSettings = { readonly [name: string]: string }

/** Why secrets cannot be read. */
export type SecretsErrorCode = 'secret_key_invalid' | 'secret_key_differs' | 'secrets_damaged'

/** Secrets that cannot be read. It never holds any part of them. */
export class SecretsError extends Error {
  readonly code: SecretsErrorCode
  readonly domain = 'external'
  readonly retry = 'never'

  constructor(code: SecretsErrorCode, message: string) {
    super(message)
    this.name = 'SecretsError'
    this.code = code
  }
}

/**
 * Reads `MILLRACE_SECRET_KEY`: 32 bytes in base64.
 *
 * @throws SecretsError `secret_key_invalid`
 */
export function parseSecretKey(text: string): Uint8Array {
  const key = Buffer.from(text, 'base64')
  if (key.length === 32 && key.toString('base64') === text.trim()) return key
  throw new SecretsError(
    'secret_key_invalid',
    'MILLRACE_SECRET_KEY must be 32 random bytes in base64, as "openssl rand -base64 32" prints them.',
  )
}

/** A key for one purpose, derived from `MILLRACE_SECRET_KEY` (HKDF with SHA-256), and the name of that key. */
export function deriveKey(secretKey: Uint8Array, purpose: string): { key: Uint8Array; keyId: string } {
  const derive = (info: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secretKey, new Uint8Array(), `millrace ${info}`, length))
  return { key: derive(purpose, 32), keyId: derive(`${purpose} id`, 8).toString('hex') }
}

/** Encrypts the secrets of a connection for the executors of one deployment (AES-256-GCM). */
export function encryptSecrets(
  secretKey: Uint8Array,
  binding: SecretsBinding,
  secrets: SecretSettings,
): EncryptedSecrets {
  const { key, keyId } = deriveKey(secretKey, PURPOSE)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(binding))
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()])
  return {
    keyId,
    nonce: nonce.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  }
}

/**
 * The inverse of `encryptSecrets`, for the same binding.
 *
 * @throws SecretsError `secret_key_differs` where another key encrypted them, `secrets_damaged` where they were
 *   changed or belong to something else
 */
export function decryptSecrets(
  secretKey: Uint8Array,
  binding: SecretsBinding,
  encrypted: EncryptedSecrets,
): SecretSettings {
  const { key, keyId } = deriveKey(secretKey, PURPOSE)
  if (encrypted.keyId !== keyId) {
    throw new SecretsError(
      'secret_key_differs',
      `The secrets of connection "${binding.connection}" were encrypted with another MILLRACE_SECRET_KEY: api and executors must share one.`,
    )
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(encrypted.nonce, 'base64'), {
      authTagLength: 16,
    })
    decipher.setAAD(boundTo(binding)).setAuthTag(Buffer.from(encrypted.tag, 'base64'))
    const text = Buffer.concat([
      decipher.update(Buffer.from(encrypted.ciphertext, 'base64')),
      decipher.final(),
    ])
    return JSON.parse(text.toString('utf8')) as SecretSettings
  } catch {
    throw new SecretsError(
      'secrets_damaged',
      `The secrets of connection "${binding.connection}" cannot be decrypted: they were changed or belong to another deployment.`,
    )
  }
}

const PURPOSE = 'deployment secrets'

function boundTo({ deployment, connection, version }: SecretsBinding): Buffer {
  return Buffer.from(JSON.stringify([deployment, connection, version]))
}
