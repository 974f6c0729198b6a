import {
  fanOutOperator,
  type Operator,
  type OperatorContext,
  statelessOperator,
  type TransformRuntime,
} from '@millrace/engine'
import { compileCondition, type Evaluate } from '@millrace/expr'
import { compiledOf } from '../../config/check-expression.ts'
import { onlyInput } from '../../config/only-input.ts'
import { BRANCH_PORTS, type BranchConfig } from './definition.ts'

/** How a branch runs. */
export const branchRuntime: TransformRuntime<BranchConfig> = {
  role: 'transform',
  type: 'branch',
  eventTime: false,
  create: (config, context) => (config.mode === 'first' ? toFirst(config, context) : toAll(config, context)),
}

const NO_MATCH = { drop: 'no branch matches' } as const

/** Only TRUE counts as a match, in the order of the branches; what stands behind a match is not looked at. */
function toFirst(config: BranchConfig, context: OperatorContext): Operator {
  const branches = branchesOf(config, context)
  const elsePort = elsePortOf(config)
  const pass: Parameters<typeof statelessOperator>[1] = ({ row }, evaluation) => {
    for (let i = 0; i < branches.length; i++) {
      const { evaluate, port } = branches[i] as Branch
      if (evaluate(row, evaluation) === true) return { row, port }
    }
    return elsePort === null ? NO_MATCH : { row, port: elsePort }
  }
  return statelessOperator(context, pass, portsOf(branches, elsePort))
}

/** All conditions are looked at before anything goes out: where one fails, the event goes nowhere. */
function toAll(config: BranchConfig, context: OperatorContext): Operator {
  const branches = branchesOf(config, context)
  const elsePort = elsePortOf(config)
  return fanOutOperator(
    context,
    ({ row }, evaluation) => {
      const matches = branches.filter(({ evaluate }) => evaluate(row, evaluation) === true)
      if (matches.length > 0) return matches.map(({ port }) => ({ row, port, name: '' }))
      return elsePort === null ? NO_MATCH : [{ row, port: elsePort, name: '' }]
    },
    portsOf(branches, elsePort),
  )
}

interface Branch {
  readonly evaluate: Evaluate
  /** Index of the output port. */
  readonly port: number
}

function branchesOf({ branches }: BranchConfig, context: OperatorContext): readonly Branch[] {
  const { fields } = onlyInput(context)
  return branches.map(({ condition, port }) => ({
    evaluate: compiledOf(compileCondition(condition, fields)).evaluate,
    port: BRANCH_PORTS.indexOf(port),
  }))
}

/** The output of what no branch takes stands behind those of all branches that there can be. */
function elsePortOf({ rest }: BranchConfig): number | null {
  return rest === 'out' ? BRANCH_PORTS.length : null
}

function portsOf(branches: readonly Branch[], elsePort: number | null): readonly number[] {
  return [...branches.map(({ port }) => port), ...(elsePort === null ? [] : [elsePort])]
}
