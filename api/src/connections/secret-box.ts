import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deriveKey, SecretsError } from '@millrace/contracts/secrets'

/** Which secret it is: a ciphertext cannot be read as that of another connection, name or version. */
export interface SecretPlace {
  readonly connectionId: string
  readonly name: string
  readonly version: number
}

/** A secret as it is kept: encrypted with a key of its own, which is wrapped by the key from the environment. */
export interface SealedSecret {
  /** Names the wrapping key. */
  readonly keyId: string
  readonly wrappedKey: Uint8Array<ArrayBuffer>
  readonly ciphertext: Uint8Array<ArrayBuffer>
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Encrypts a secret for keeping (envelope of AES-256-GCM). */
export function sealSecret(secretKey: Uint8Array, place: SecretPlace, value: string): SealedSecret {
  const wrapping = wrappingKey(secretKey)
  const dataKey = randomBytes(32)
  return {
    keyId: wrapping.keyId,
    wrappedKey: encrypt(wrapping.key, place, dataKey),
    ciphertext: encrypt(dataKey, place, Buffer.from(value, 'utf8')),
  }
}

/**
 * The inverse of `sealSecret`, for the same place.
 *
 * @throws SecretsError `secret_key_differs` or `secrets_damaged`
 */
export function openSecret(secretKey: Uint8Array, place: SecretPlace, sealed: SealedSecret): string {
  const wrapping = wrappingKey(secretKey)
  const { connectionId, name } = place
  if (sealed.keyId !== wrapping.keyId) {
    const message = `The ${name} of connection "${connectionId}" was kept under another MILLRACE_SECRET_KEY: start with that one, or enter the ${name} again.`
    throw new SecretsError('secret_key_differs', message)
  }
  try {
    const dataKey = decrypt(wrapping.key, place, sealed.wrappedKey)
    return decrypt(dataKey, place, sealed.ciphertext).toString('utf8')
  } catch {
    const message = `The ${name} of connection "${connectionId}" cannot be decrypted: enter it again.`
    throw new SecretsError('secrets_damaged', message)
  }
}

function wrappingKey(secretKey: Uint8Array) {
  return deriveKey(secretKey, 'connection secrets')
}

// Layout of what is encrypted: nonce (12) | tag (16) | ciphertext
function encrypt(key: Uint8Array, place: SecretPlace, plain: Uint8Array): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(place))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]))
}

function decrypt(key: Uint8Array, place: SecretPlace, sealed: Uint8Array): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(boundTo(place)).setAuthTag(tag)
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
}

function boundTo({ connectionId, name, version }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([connectionId, name, version]))
}
