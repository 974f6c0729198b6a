import { serverSettings } from '@millrace/stack'
import { describe, expect, it } from 'vitest'
import { environmentSchema } from '../../api/src/environment.ts'
import {
  brokenLinks,
  documentAt,
  documents,
  exists,
  namedPaths,
  readText,
  repositoryPaths,
} from './support/documents.ts'
import {
  allVariables,
  defaultsIn,
  documentedParts,
  documentsOf,
  variablesIn,
  variablesOf,
} from './support/variables.ts'

const everyDocument = documents.map((document) => [document.path, document] as const)

describe.each(everyDocument)('%s', (_, document) => {
  it('names only paths that are there', () => {
    expect(namedPaths(document).filter((named) => !exists(named, document))).toEqual([])
  })

  it('links only to what is there', () => {
    expect(brokenLinks(document)).toEqual([])
  })

  it('names only commands that are there', () => {
    expect(commandsIn(document.text).filter((command) => !isCommand(command))).toEqual([])
  })

  it('names only test projects that are there', () => {
    const projects = [...document.text.matchAll(/--project (\w+)/g)].map(([, name]) => name)
    const config = readText('vitest.config.ts')
    expect(projects.filter((name) => !config.includes(`name: '${name}'`))).toEqual([])
  })

  it('names only environment variables that something reads', () => {
    const read = allVariables()
    expect([...variablesIn(document)].filter((name) => !read.has(name))).toEqual([])
  })
})

describe('the environment variables', () => {
  it.each(documentedParts)('that %s reads are named in README.md or in its own', (part) => {
    const named = new Set(documentsOf(part).flatMap((document) => [...variablesIn(document)]))
    expect([...variablesOf(part)].filter((name) => !named.has(name))).toEqual([])
  })

  it('have the defaults that README.md says', () => {
    const said = defaultsIn(documentAt('README.md'))
    const ports = Object.values(serverSettings).map((server): [string, unknown] => [
      server.portVariable,
      server.defaultPort,
    ])
    const ofTheApi = Object.entries(environmentSchema.properties).flatMap(
      ([name, schema]): [string, unknown][] => ('default' in schema ? [[name, schema.default]] : []),
    )
    const defaults = [...ports, ...ofTheApi].map(([name, value]) => [name, String(value)] as const)
    expect(defaults.length).toBeGreaterThan(6)
    for (const [name, value] of defaults) expect([name, said.get(name)]).toEqual([name, value])
  })
})

describe('the commands', () => {
  it('run files that are there', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
    const files = Object.values(scripts).flatMap((text) =>
      [...text.matchAll(/scripts\/run\.mjs (\S+)/g)].map(([, file]) => `scripts/${file}`),
    )
    expect(files.length).toBeGreaterThan(4)
    expect(files.filter((file) => !repositoryPaths.includes(file))).toEqual([])
  })
})

describe('the parts', () => {
  const { workspaces } = JSON.parse(readText('package.json')) as { workspaces: string[] }
  const packages = repositoryPaths.filter((file) => /^packages\/[^/]+\/package\.json$/.test(file))
  const parts = [
    ...workspaces.filter((name) => !name.includes('*')),
    ...packages.map((file) => file.replace('/package.json', '')),
    ...['prisma', 'tests', 'bench'],
  ]

  it.each(parts)('%s has a README, and README.md leads to it', (part) => {
    expect(repositoryPaths).toContain(`${part}/README.md`)
    expect(documentAt('README.md').text).toContain(`(${part}/README.md)`)
  })
})

describe('docs/exactly-once.md', () => {
  it('has the sections that the code names', () => {
    const sources = repositoryPaths.filter((file) => /\.tsx?$/.test(file)).map(readText)
    const sections = new Set(
      sources.flatMap((text) => [...text.matchAll(/exactly-once\.md (P\d+)/g)].map(([, name]) => name)),
    )
    const { text } = documentAt('docs/exactly-once.md')
    expect(sections.size).toBeGreaterThan(5)
    expect([...sections].filter((section) => !text.includes(`\n## ${section} `))).toEqual([])
  })
})

interface Command {
  readonly script: string
  readonly workspace: string | null
}

/** What is run with npm: `npm run <script>`, with `-w` in a workspace, and the short forms. */
function commandsIn(text: string): Command[] {
  const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map(([, script]) => ({
    script: script as string,
    workspace: null,
  }))
  const long = [...text.matchAll(/\bnpm run ([\w:-]+)(?: -w (@?[\w/]+))?/g)].map(
    ([, script, workspace = null]) => ({ script: script as string, workspace }),
  )
  return [...short, ...long]
}

function isCommand({ script, workspace }: Command): boolean {
  const folder = workspace?.replace('@millrace/', 'packages/')
  const manifest = JSON.parse(readText(folder ? `${folder}/package.json` : 'package.json')) as {
    scripts: Record<string, string>
  }
  return Object.hasOwn(manifest.scripts, script)
}
