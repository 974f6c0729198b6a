import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { AppError } from '../errors.ts'

interface EditorOptions {
  /** Folder of the built editor; nothing is served where it does not exist. */
  readonly editorFolder: string
}

/**
 * The editor's files, which anybody may load, and what happens to unknown addresses: the editor's own pages get its
 * start page, everything else is not there, and not even that is told to who is not signed in.
 */
export const editorPlugin = fp<EditorOptions>(
  async (app, { editorFolder }) => {
    const startPage = path.join(editorFolder, 'index.html')
    const page = existsSync(startPage) ? readFileSync(startPage) : null
    if (page !== null) await app.register(async (scope) => serveFiles(scope, editorFolder))
    app.setNotFoundHandler(async (request, reply) => {
      const isPage = request.method === 'GET' && isPagePath(request.url)
      if (isPage && page !== null)
        return reply.header('cache-control', 'no-cache').type('text/html').send(page)
      if (!isPage) await app.sessions.require(request)
      throw new AppError('not_found', isPage ? NO_EDITOR : 'There is nothing at this address.')
    })
  },
  { name: 'editor', dependencies: ['authentication', 'error-handler'] },
)

const NO_EDITOR = 'The editor has not been built: "npm start" builds it.'

async function serveFiles(scope: FastifyInstance, root: string): Promise<void> {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'open' }
  })
  await scope.register(fastifyStatic, {
    root,
    wildcard: false,
    dotfiles: 'ignore',
    // Vite puts a hash into every file name but that of the start page.
    setHeaders: (reply, file) => {
      const isFixed = file.includes(`${path.sep}assets${path.sep}`)
      reply.header('cache-control', isFixed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

function isPagePath(url: string): boolean {
  return !/^\/(api|metrics)([/?]|$)/.test(url)
}
