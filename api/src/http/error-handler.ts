import { SecretsError } from '@millrace/contracts/secrets'
import { PortError } from '@millrace/nodes'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AppError, ERRORS, type ErrorCode } from '../errors.ts'
import { isDatabaseDown, isRedisDown } from './outages.ts'

/** Errors of the framework that are the caller's, by code. */
const FRAMEWORK_ERRORS: { readonly [code: string]: readonly [ErrorCode, string] } = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The request is larger than this address accepts.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['json_only', 'Only application/json is accepted here.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid_request', 'The request needs a JSON body.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_request', 'The body is no valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as announced.'],
}

/** Every failed request is answered with `apiErrorSchema`; faults are logged here and nowhere else. */
export const errorHandlerPlugin = fp(
  async (app) => {
    app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply))
  },
  { name: 'error-handler' },
)

/** Answers with an error; logs it where it is a fault. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error, request.id)
  const { domain } = ERRORS[known.code]
  if (domain === 'internal') request.log.error({ err: error }, 'request failed')
  else if (domain === 'external')
    request.log.warn({ code: known.code, reason: known.message }, 'request failed')
  return reply
    .status(known.status)
    .header('cache-control', 'no-store')
    .send({ code: known.code, message: known.message, ...known.body })
}

/** The error as it is answered. What is not known is answered without any detail. */
export function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error
  if (isDatabaseDown(error)) {
    const message = 'The database does not answer. What runs goes on; try again in a moment.'
    return new AppError('database_unavailable', message, { cause: error })
  }
  if (isRedisDown(error)) {
    const message = 'Redis does not answer. What runs goes on; try again in a moment.'
    return new AppError('redis_unavailable', message, { cause: error })
  }
  if (error instanceof SecretsError)
    return new AppError('secrets_unreadable', error.message, { cause: error })
  if (error instanceof PortError) return fromPort(error)
  return fromFramework(error as FastifyError) ?? unexpected(error, requestId)
}

/** What a connected system said; its message names no secret. */
function fromPort(error: PortError): AppError {
  const code = error.domain === 'user' ? 'invalid_request' : 'connection_failed'
  return new AppError(code, error.message, { cause: error })
}

function fromFramework(error: FastifyError): AppError | null {
  if (error.validation) return new AppError('invalid_request', explainValidation(error))
  const [code, message] = FRAMEWORK_ERRORS[error.code] ?? []
  if (code !== undefined && message !== undefined) return new AppError(code, message, { cause: error })
  if (error.statusCode === 400) return new AppError('invalid_request', 'The request cannot be read.')
  return null
}

/** Names the member that is wrong and never what it held. */
function explainValidation({ validation, validationContext = 'body' }: FastifyError): string {
  const [first] = validation ?? []
  const place = first?.instancePath.split('/').filter(Boolean).join('.') ?? ''
  const where = [validationContext, place].filter(Boolean).join(' ')
  return `The request is not as it must be: ${where} ${first?.message ?? 'is wrong'}.`
}

function unexpected(cause: unknown, requestId: string): AppError {
  return new AppError('internal', `Something went wrong here. The log tells more under ${requestId}.`, {
    cause,
  })
}
