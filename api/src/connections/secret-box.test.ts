import { randomBytes } from 'node:crypto'
import { SecretsError } from '@millrace/contracts/secrets'
import { describe, expect, test } from 'vitest'
import { openSecret, sealSecret } from './secret-box.ts'

const secretKey = randomBytes(32)
const place = { connectionId: 'kafka', name: 'password', version: 2 }

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof SecretsError) return error.code
    throw error
  }
  return 'none'
}

describe('a sealed secret', () => {
  test('can be opened at its place', () => {
    expect(openSecret(secretKey, place, sealSecret(secretKey, place, 'pässwörd'))).toBe('pässwörd')
  })

  test('never looks the same twice, and has a key of its own each time', () => {
    const [a, b] = [sealSecret(secretKey, place, 'same'), sealSecret(secretKey, place, 'same')]
    expect(a.ciphertext).not.toEqual(b.ciphertext)
    expect(codeOf(() => openSecret(secretKey, place, { ...a, ciphertext: b.ciphertext }))).toBe(
      'secrets_damaged',
    )
  })

  test.each([{ connectionId: 'other' }, { name: 'token' }, { version: 1 }])(
    'cannot be opened at another place: %o',
    (other) => {
      const sealed = sealSecret(secretKey, place, 'secret')
      expect(codeOf(() => openSecret(secretKey, { ...place, ...other }, sealed))).toBe('secrets_damaged')
    },
  )

  test('says when another key from the environment wrapped it', () => {
    const sealed = sealSecret(randomBytes(32), place, 'secret')
    expect(codeOf(() => openSecret(secretKey, place, sealed))).toBe('secret_key_differs')
  })
})
