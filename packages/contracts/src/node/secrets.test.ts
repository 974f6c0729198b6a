import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decryptSecrets, deriveKey, encryptSecrets, parseSecretKey, SecretsError } from './secrets.ts'

const secretKey = randomBytes(32)
const binding = { deployment: 'd1d1d1d1d1d1', connection: 'kafka', version: 3 }
const secrets = { username: 'millrace', password: 'pässwörd "quoted"' }

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof SecretsError) return error.code
    throw error
  }
  return 'none'
}

describe('encryptSecrets', () => {
  test('is undone by decryptSecrets with the same key and binding', () => {
    expect(decryptSecrets(secretKey, binding, encryptSecrets(secretKey, binding, secrets))).toEqual(secrets)
  })

  test('shows nothing of the secrets and never gives the same text twice', () => {
    const [a, b] = [encryptSecrets(secretKey, binding, secrets), encryptSecrets(secretKey, binding, secrets)]
    expect(a.ciphertext).not.toBe(b.ciphertext)
    expect(Buffer.from(a.ciphertext, 'base64').toString('latin1')).not.toContain('millrace')
  })

  test.each([{ deployment: 'd2d2d2d2d2d2' }, { connection: 'other' }, { version: 4 }])(
    'binds the secrets: they cannot be read with %o',
    (other) => {
      const encrypted = encryptSecrets(secretKey, binding, secrets)
      expect(codeOf(() => decryptSecrets(secretKey, { ...binding, ...other }, encrypted))).toBe(
        'secrets_damaged',
      )
    },
  )

  test('says when another key encrypted them', () => {
    const encrypted = encryptSecrets(randomBytes(32), binding, secrets)
    expect(codeOf(() => decryptSecrets(secretKey, binding, encrypted))).toBe('secret_key_differs')
  })

  test('notices one changed bit', () => {
    const encrypted = encryptSecrets(secretKey, binding, secrets)
    const bytes = Buffer.from(encrypted.ciphertext, 'base64')
    bytes[0] = (bytes[0] ?? 0) ^ 1
    const changed = { ...encrypted, ciphertext: bytes.toString('base64') }
    expect(codeOf(() => decryptSecrets(secretKey, binding, changed))).toBe('secrets_damaged')
  })

  test('refuses a shortened tag', () => {
    const encrypted = encryptSecrets(secretKey, binding, secrets)
    const short = {
      ...encrypted,
      tag: Buffer.from(encrypted.tag, 'base64').subarray(0, 4).toString('base64'),
    }
    expect(codeOf(() => decryptSecrets(secretKey, binding, short))).toBe('secrets_damaged')
  })
})

describe('parseSecretKey', () => {
  test('reads 32 bytes in base64', () => {
    expect(parseSecretKey(secretKey.toString('base64'))).toEqual(secretKey)
  })

  test.each(['', 'short', randomBytes(31).toString('base64'), `${randomBytes(32).toString('base64')}!`])(
    'refuses %j',
    (text) => {
      expect(codeOf(() => parseSecretKey(text))).toBe('secret_key_invalid')
    },
  )
})

describe('deriveKey', () => {
  test('gives another key and name for another purpose', () => {
    const [a, b] = [deriveKey(secretKey, 'one'), deriveKey(secretKey, 'two')]
    expect(a.key).not.toEqual(b.key)
    expect(a.keyId).not.toBe(b.keyId)
    expect(deriveKey(secretKey, 'one')).toEqual(a)
  })
})
