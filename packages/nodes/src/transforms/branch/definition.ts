import { type ConfigIssue, defineNode, type PortDefinition, quote, type StreamSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { conditionIssues } from '../../config/check-expression.ts'
import { hint } from '../../config/hint.ts'
import { issue } from '../../config/issue.ts'
import { choiceSetting, closed, conditionSetting } from '../../config/settings.ts'

/** Ports that a branch can have. Names and order must stay: edges name them, the engine counts them. */
export const BRANCH_PORTS: readonly string[] = Array.from({ length: 16 }, (_, i) => `b${i + 1}`)

/** The port of what no branch takes. */
export const ELSE_PORT: PortDefinition = { name: 'else', label: 'Else' }

const branchSetting = Type.Object(
  {
    port: Type.Unsafe<string>(
      Type.Union(
        BRANCH_PORTS.map((name) => Type.Literal(name)),
        {
          title: 'Port',
          description: 'The output of this branch. It stays with the branch when branches change places.',
          default: 'b1',
          ...hint('port'),
        },
      ),
    ),
    name: Type.String({
      title: 'Name',
      description: 'What the output is called. Empty: as its condition.',
      default: '',
      maxLength: 60,
      ...hint('text'),
    }),
    condition: conditionSetting({
      title: 'Condition',
      description: "True or false for each event, such as total > 100 and region = 'EU'.",
    }),
  },
  closed,
)

const config = Type.Object(
  {
    mode: choiceSetting(
      {
        title: 'An event goes to',
        description: 'What happens to an event that several branches match.',
        default: 'first',
      },
      { first: 'The first branch that matches', all: 'Every branch that matches' },
    ),
    branches: Type.Array(branchSetting, {
      title: 'Branches',
      description: 'Each is an output of its own. They are tried in this order.',
      default: [{ port: 'b1', name: '', condition: '' }],
      maxItems: BRANCH_PORTS.length,
      ...hint('list', { entry: 'Branch' }),
    }),
    rest: choiceSetting(
      {
        title: 'Other events',
        description: 'What happens to the events that no branch matches.',
        default: 'out',
      },
      { out: 'Go out at Else', drop: 'Drop' },
    ),
  },
  closed,
)

/** Settings of a branch. */
export type BranchConfig = Static<typeof config>

/** Sorts events by conditions, each to an output of its own. */
export const branch = defineNode<BranchConfig>({
  type: 'branch',
  version: 1,
  kind: 'transform',
  title: 'Branch',
  summary: 'Sorts events by conditions, each to an output of its own.',
  icon: 'branch',
  config,
  defaults: { mode: 'first', branches: [{ port: 'b1', name: '', condition: '' }], rest: 'out' },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [...BRANCH_PORTS.map((name, i) => ({ name, label: `Branch ${i + 1}` })), ELSE_PORT],
  openOutputs: ({ branches, rest }) => [
    ...branches.map((branch, i) => ({ name: branch.port, label: labelOf(branch, i) })),
    ...(rest === 'out' ? [ELSE_PORT] : []),
  ],
  digest: ({ branches, rest }) => {
    const names = branches.map(({ name, condition }) => name || condition)
    return [...names, ...(rest === 'out' ? ['else'] : [])].filter((name) => name !== '').join(', ')
  },
  infer: (settings, { in: input }) => ({
    outputs: input ? outputsOf(settings, input) : {},
    issues: [...checkPorts(settings), ...checkConditions(settings, input ?? null)],
  }),
})

function labelOf({ name, condition }: BranchConfig['branches'][number], place: number): string {
  const text = name.trim() || condition.trim() || `Branch ${place + 1}`
  return text.length > MAX_LABEL ? `${[...text].slice(0, MAX_LABEL - 1).join('')}…` : text
}

const MAX_LABEL = 40

function outputsOf({ branches, rest }: BranchConfig, input: StreamSchema) {
  const open = [...branches.map(({ port }) => port), ...(rest === 'out' ? [ELSE_PORT.name] : [])]
  return Object.fromEntries(open.map((port) => [port, input]))
}

function checkPorts({ branches }: BranchConfig): readonly ConfigIssue[] {
  if (branches.length === 0) return [issue('branches_missing', ['branches'], 'Add a branch.')]
  const ports = branches.map(({ port }) => port)
  return branches.flatMap(({ port }, i) => {
    if (ports.indexOf(port) === i) return []
    const message = `Two branches have the output ${quote(port)}: give one of them another.`
    const free = BRANCH_PORTS.find((name) => !ports.includes(name))
    const fix = free && { label: `Use ${quote(free)}`, path: ['branches', String(i), 'port'], value: free }
    return [issue('duplicate_port', ['branches', String(i)], message, fix ? { fix } : {})]
  })
}

function checkConditions({ branches }: BranchConfig, input: StreamSchema | null): readonly ConfigIssue[] {
  return branches.flatMap(({ condition }, i) =>
    conditionIssues(condition, input?.fields ?? null, ['branches', String(i), 'condition']),
  )
}
