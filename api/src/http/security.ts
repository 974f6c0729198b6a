import helmet from '@fastify/helmet'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AppError } from '../errors.ts'
import type { Origins } from './origins.ts'

/** Headers against scripts from elsewhere and against being framed. */
function headersFor(isTls: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Mantine writes style elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", 'blob:'],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(isTls && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: isTls && { maxAge: 31_536_000 },
    referrerPolicy: { policy: 'no-referrer' as const },
  }
}

/** Security headers, and the refusal of everything that another site's page could send. */
export const securityPlugin = fp<{ origins: Origins }>(
  async (app, { origins }) => {
    await app.register(helmet, headersFor(origins.isTls))
    app.addHook('onRequest', async (request, reply) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      if (!isRead) {
        requireOwnOrigin(request, origins)
        requireJson(request)
      }
      if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    })
  },
  { name: 'security' },
)

/**
 * Refuses a request that a page of another site has sent. Browsers name the origin of everything but plain reads;
 * a client that names none is no browser, and has no cookie that somebody else could make it send.
 *
 * @throws AppError `origin_refused`
 */
export function requireOwnOrigin({ headers }: FastifyRequest, origins: Origins): void {
  const site = headers['sec-fetch-site']
  const isOtherSite = site !== undefined && site !== 'same-origin'
  const isOtherOrigin = headers.origin !== undefined && !origins.includes(headers.origin)
  if (!isOtherSite && !isOtherOrigin) return
  const message = `Requests are accepted from Millrace's own pages only (${origins.list().join(', ')}).`
  throw new AppError('origin_refused', message)
}

/** Exactly JSON: a form or plain text is what another site's page can send without being asked first. */
function requireJson({ headers }: FastifyRequest): void {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  const type = headers['content-type']
  if (type === 'application/json' || (type === undefined && !hasBody)) return
  throw new AppError('json_only', 'Only application/json is accepted here.')
}
