// @vitest-environment node
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'

/** What the list of pipelines may load before it shows, bytes of gzip. */
const INITIAL_LIMIT = 400_000

let chunks: readonly Rolldown.OutputChunk[] = []
let assets: readonly Rolldown.OutputAsset[] = []

beforeAll(async () => {
  const built = await build({
    configFile: `${import.meta.dirname}/../vite.config.ts`,
    logLevel: 'silent',
    build: { write: false },
  })
  const { output } = (Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput
  chunks = output.filter((file) => file.type === 'chunk')
  assets = output.filter((file) => file.type === 'asset')
}, 120_000)

/** The chunks that are loaded with the entry, lazy ones left out. */
function initialChunks(): readonly Rolldown.OutputChunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const names = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  for (const name of names) for (const imported of byName.get(name)?.imports ?? []) names.add(imported)
  return [...names].flatMap((name) => byName.get(name) ?? [])
}

function modulesOf(list: readonly Rolldown.OutputChunk[]): readonly string[] {
  return list.flatMap(({ moduleIds }) => moduleIds)
}

describe('the bundle', () => {
  test('the list of pipelines loads little, and neither canvas, charts nor the code editor', () => {
    const initial = initialChunks()
    const size = initial.reduce((sum, { code }) => sum + gzipSync(code).length, 0)
    expect(size).toBeLessThan(INITIAL_LIMIT)
    const lazy = /@xyflow|uplot|@codemirror|@lezer|packages\/(nodes|engine|expr|graph)/
    expect(modulesOf(initial).filter((id) => lazy.test(id))).toEqual([])
  })

  test('the code editor of expressions is a chunk that a workspace loads by itself', () => {
    const holders = chunks.filter(({ moduleIds }) => moduleIds.some((id) => id.includes('@codemirror/view')))
    expect(holders).toHaveLength(1)
    const eager = chunks.filter(({ imports }) => imports.includes(holders[0]?.fileName ?? ''))
    expect(eager.map(({ name }) => name)).toEqual([])
  })

  test('holds no client library of a server and nothing of Node', () => {
    const foreign = /kafkajs|@elastic|connectors?\.ts|__vite-browser-external/
    expect(modulesOf(chunks).filter((id) => foreign.test(id))).toEqual([])
  })

  test('makes no code from text, which the content security policy forbids', () => {
    const sources = [
      ...chunks.map(({ fileName, code }) => ({ fileName, code })),
      ...assets
        .filter(({ fileName }) => fileName.endsWith('.js'))
        .map(({ fileName, source }) => ({ fileName, code: String(source) })),
    ]
    expect(sources.some(({ fileName }) => fileName.includes('preview.worker'))).toBe(true)
    // A method may be called eval: then its body follows.
    const evaluates = /new Function\b|[^\w$.]Function\(|[^\w$.]eval\((?![\w$,]*\)\s*\{)/
    expect(sources.filter(({ code }) => evaluates.test(code)).map(({ fileName }) => fileName)).toEqual([])
  })

  test('puts the styles of elements below those of Mantine, whatever is loaded first', () => {
    const layered = assets
      .filter(({ fileName }) => fileName.endsWith('.css'))
      .map(({ source }) => String(source))
      .filter((style) => style.includes('@layer'))
    expect(layered).toHaveLength(1)
    const layers = [...String(layered[0]).matchAll(/@layer ([\w, -]+)/g)].flatMap(([, names = '']) =>
      names.split(/, ?/),
    )
    expect([...new Set(layers)]).toEqual(['base', 'mantine', 'mantine-notifications'])
  })

  test('loads nothing from elsewhere', () => {
    const page = String(assets.find(({ fileName }) => fileName === 'index.html')?.source)
    expect(page).not.toMatch(/https?:\/\/|data:/)
    const styles = assets
      .filter(({ fileName }) => fileName.endsWith('.css'))
      .map(({ source }) => String(source))
    expect(styles.join('\n')).not.toMatch(/url\(\s*["']?(https?:|data:|\/\/)|@import/)
  })
})
