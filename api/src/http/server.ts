import { readFileSync } from 'node:fs'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifySchemaCompiler,
  type FastifySchemaValidationError,
  LogController,
} from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { Config } from '../environment.ts'
import { randomId } from '../random-id.ts'

/** Requests are bounded to this many bytes; drafts have a bound of their own. */
export const BODY_LIMIT = 1_000_000

/** A server without routes: bounds, validation, and one log line a request. */
export function createServer(config: Config, log: FastifyBaseLogger): FastifyInstance {
  const app = Fastify({
    loggerInstance: log,
    // The address of a request may hold the token of a sign-in link.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: randomId,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    // Own members of these names are harmless to code that reads own members only, and all of ours does.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    ...(config.tls && {
      https: { cert: readFileSync(config.tls.certificate), key: readFileSync(config.tls.key) },
    }),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(compileValidator)
  // Response schemas describe; the serializer made from them would drop the members of a node's config.
  app.setSerializerCompiler(() => JSON.stringify)
  app.removeContentTypeParser('text/plain')
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const line = {
      method,
      route: routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }
    request.log.debug(line, 'request')
  })
  return app as unknown as FastifyInstance
}

/**
 * Bodies must fit as they are. Parameters and queries are text: they are converted first, and what is missing gets its
 * default.
 */
const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  return (given): { value: unknown } | { error: FastifySchemaValidationError[] } => {
    const value = httpPart === 'body' ? given : Value.Convert(schema, Value.Default(schema, given))
    return validator.Check(value) ? { value } : { error: validator.Errors(value) }
  }
}
