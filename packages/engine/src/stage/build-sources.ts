import type { Decoded, SourceTime } from '../operator.ts'
import type { ProgramNode } from '../plan/program.ts'
import { birthOf, bringsReference, ownerOf } from '../plan/reference-source.ts'
import { type StageInput, type StagePlan, stageOf } from '../plan/stage-plan.ts'
import type { RawRecord } from '../record.ts'
import type { InputPort } from './input-port.ts'
import { SourcePort } from './source-port.ts'
import type { StageOptions } from './stage-options.ts'

/** The name of an upstream task among the contributors to a repartition input's watermark; `stage`: see `voucherName`. */
export function contributorName(stage: string, task: number): string {
  return `${stage}/${task}`
}

/**
 * The name by which a stage vouches for an input of another one. Where that brings a keyed reference it is bound to the
 * state which holds the rows: what was said to a former one does not count, for the reference is read anew.
 */
export function voucherName(
  stageId: string,
  input: StageInput,
  { program, births }: Pick<StageOptions, 'program' | 'births'>,
): string {
  return bringsReference(input, program) ? `${stageId}@${birthOf(input.nodeId, births)}` : stageId
}

/**
 * Who vouches for the progress of an input: every task of the stages that write it, or the partitions of a source. Where
 * tasks do not tell each other their watermarks, a task hears of its own partition alone.
 */
export function contributors(options: StageOptions, stage: StagePlan, index: number): string[] {
  const { plan, task } = options
  const input = stage.inputs[index]
  if (input?.kind === 'repartition') {
    return input.from.flatMap((id) => {
      const name = voucherName(id, input, options)
      return range(stageOf(plan, id).tasks).map((upstream) => contributorName(name, upstream))
    })
  }
  if (input?.kind !== 'source') return []
  return range(input.partitions)
    .filter((partition) => stage.control || partition === task)
    .map((partition) => contributorName(stage.id, partition))
}

/** The sources of which the task has a partition, by input index. */
export function buildSources(
  stage: StagePlan,
  inputs: readonly InputPort[],
  options: StageOptions,
): ReadonlyMap<number, SourcePort> {
  const sources = new Map<number, SourcePort>()
  stage.inputs.forEach((input, index) => {
    if (input.kind !== 'source' || options.task >= input.partitions) return
    const node = options.program.node(input.nodeId)
    const port = new SourcePort({
      nodeId: input.nodeId,
      own: contributorName(stage.id, options.task),
      ...sourceOf(node, options),
      input: inputs[index] as InputPort,
      probe: options.probe ?? {},
      reject: (nodeId, origin, { code, message }) => {
        options.output.deadLetter({ nodeId: ownerOf(nodeId), code, message, origin, rowJson: null })
      },
    })
    sources.set(index, port)
  })
  return sources
}

function sourceOf(
  { node, runtime }: ProgramNode,
  { task, generatorStart = 0 }: StageOptions,
): { time: SourceTime; decode: (record: RawRecord) => Decoded } {
  if (runtime.role === 'topic-source') {
    return { time: runtime.time(node.config), decode: runtime.createDecoder(node.config) }
  }
  if (runtime.role !== 'generator-source')
    throw new Error(`node ${node.id} of type ${node.type} is no source`)
  const generate = runtime.createGenerator(node.config, task, generatorStart)
  return { time: runtime.time(node.config), decode: (record) => generate(record.offset) }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
