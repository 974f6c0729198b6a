import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const

/** A hash to compare with where there is none, so that an unknown user takes as long as a wrong password. */
const NO_PASSWORD = await hashPassword(randomBytes(32).toString('hex'))

/** Hashes a password with argon2id; the text holds the cost, the salt and the hash. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derived(password, salt, COST)
  const { memory, passes, parallelism } = COST
  return ['argon2id', memory, passes, parallelism, salt.toString('base64'), hash.toString('base64')].join('$')
}

/** True where the password is the one that was hashed. Takes as long where there is no hash. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', hash = ''] = (stored ?? NO_PASSWORD).split('$')
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const found = await derived(password, Buffer.from(salt, 'base64'), cost)
  return timingSafeEqual(found, Buffer.from(hash, 'base64')) && stored !== null
}

function derived(
  password: string,
  salt: Buffer,
  cost: { memory: number; passes: number; parallelism: number },
): Promise<Buffer> {
  return derive('argon2id', { message: password.normalize('NFKC'), nonce: salt, tagLength: 32, ...cost })
}
