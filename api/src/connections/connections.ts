import { isDeepStrictEqual } from 'node:util'
import type { ConnectionBody, ConnectionKind, SaveConnection } from '@millrace/contracts'
import type { SecretSettings } from '@millrace/contracts/secrets'
import { AppError } from '../errors.ts'
import type { Connection, ConnectionSecret, PrismaClient } from '../generated/prisma/client.ts'
import { openSecret, sealSecret } from './secret-box.ts'
import { checkSettings } from './settings.ts'

type StoredConnection = Connection & { readonly secrets: readonly ConnectionSecret[] }

/** A connection as connectors need it; its secrets are in clear and must not leave the process. */
export interface OpenConnection {
  readonly id: string
  readonly kind: ConnectionKind
  readonly settings: { readonly [name: string]: string }
  readonly secrets: SecretSettings
}

/** Connections in Postgres. Secrets go in and, in clear, only to connectors. */
export class Connections {
  readonly #prisma: PrismaClient
  readonly #secretKey: Uint8Array

  constructor(prisma: PrismaClient, secretKey: Uint8Array) {
    this.#prisma = prisma
    this.#secretKey = secretKey
  }

  /** All connections, by id. */
  async list(): Promise<ConnectionBody[]> {
    const found = await this.#prisma.connection.findMany({
      include: { secrets: true },
      orderBy: { id: 'asc' },
    })
    return found.map(shown)
  }

  /**
   * A connection with its secrets; null where there is none of this id.
   *
   * @throws SecretsError
   */
  async open(id: string): Promise<OpenConnection | null> {
    const found = await this.#prisma.connection.findUnique({ where: { id }, include: { secrets: true } })
    if (found === null) return null
    const secrets = found.secrets.map((secret) => [secret.name, openSecret(this.#secretKey, secret, secret)])
    return {
      id,
      kind: found.kind,
      settings: settingsOf(found),
      secrets: Object.fromEntries(secrets),
    }
  }

  /**
   * Creates or changes a connection. Secrets that are not given stay; an empty one goes.
   *
   * @throws AppError `invalid_request`, `wrong_kind`, `secrets_needed`
   */
  async save(id: string, wanted: SaveConnection): Promise<ConnectionBody> {
    const secrets = wanted.secrets ?? {}
    const kept = Object.entries(secrets).filter(([, value]) => value !== '')
    checkSettings(wanted.kind, wanted.settings, Object.fromEntries(kept))
    return this.#prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT 1 FROM connections WHERE id = ${id} FOR UPDATE`
      const before = await tx.connection.findUnique({ where: { id }, include: { secrets: true } })
      if (before) requireSecretsAnew(before, wanted, secrets)
      const version = (before?.version ?? 0) + 1
      const data = {
        kind: wanted.kind,
        label: wanted.label,
        settings: wanted.settings,
        version,
        updatedAt: new Date(),
      }
      await tx.connection.upsert({ where: { id }, create: { id, ...data }, update: data })
      await tx.connectionSecret.deleteMany({
        where: { connectionId: id, name: { in: Object.keys(secrets) } },
      })
      await tx.connectionSecret.createMany({
        data: kept.map(([name, value]) => {
          const place = { connectionId: id, name, version }
          return { ...place, ...sealSecret(this.#secretKey, place, value) }
        }),
      })
      return shown(await tx.connection.findUniqueOrThrow({ where: { id }, include: { secrets: true } }))
    })
  }

  /** Deletes a connection with its secrets; false where there is none. */
  async delete(id: string): Promise<boolean> {
    return (await this.#prisma.connection.deleteMany({ where: { id } })).count > 0
  }
}

/** A stored secret is never sent to another address than the one it was entered for. */
function requireSecretsAnew(
  before: StoredConnection,
  wanted: SaveConnection,
  secrets: { readonly [name: string]: string },
): void {
  if (before.kind !== wanted.kind) {
    throw new AppError('wrong_kind', `"${before.id}" is a ${before.kind} connection; its kind cannot change.`)
  }
  if (isDeepStrictEqual(before.settings, wanted.settings)) return
  const missing = before.secrets.map(({ name }) => name).filter((name) => !Object.hasOwn(secrets, name))
  if (missing.length === 0) return
  const message = `The settings changed, so the secrets must be entered again: ${missing.join(', ')}.`
  throw new AppError('secrets_needed', message)
}

function shown(connection: StoredConnection): ConnectionBody {
  return {
    id: connection.id,
    kind: connection.kind,
    label: connection.label,
    settings: settingsOf(connection),
    secretNames: connection.secrets.map(({ name }) => name).sort(),
    updatedAt: connection.updatedAt.getTime(),
  }
}

function settingsOf({ settings }: Connection): { [name: string]: string } {
  return settings as { [name: string]: string }
}
