import type { Catalogue, PipelineGraph } from '@millrace/graph'
import type { RuntimeCatalogue } from '../operator.ts'
import { planStages } from '../plan/plan-stages.ts'
import { prepareProgram } from '../plan/program.ts'
import { type DeploymentPlan, stageOf } from '../plan/stage-plan.ts'
import { END_OF_INPUT, type RawRecord } from '../record.ts'
import type { Probe } from '../stage/stage-output.ts'
import { MemoryTask } from './memory-task.ts'
import { MemoryTopics } from './memory-topics.ts'
import type { Results } from './pending-output.ts'

/** What is driven, and how. */
export interface DriverOptions {
  readonly graph: PipelineGraph
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
  /** Partitions of every source; 1 where it is missing. */
  readonly partitions?: { readonly [nodeId: string]: number }
  /** Partitions of repartition topics; 1 if absent. */
  readonly repartition?: number
  /** Fetch state rows as they are needed, instead of restoring all of them. */
  readonly lazy?: boolean
  readonly probe?: Probe
  readonly generatorStart?: number
}

/** Addresses one task of a driven deployment. */
export interface TaskName {
  readonly stageId: string
  readonly task: number
}

/**
 * Runs a whole deployment in memory: stages, partitions, repartition and control topics, commits and crashes, without
 * a server or a clock. Time moves only by what is fed; the caller decides who works and commits when.
 */
export class PlanDriver {
  readonly plan: DeploymentPlan
  /** What committed work has written, in commit order. */
  readonly results: Results = { messages: [], documents: [], deadLetters: [] }
  readonly #topics = new MemoryTopics()
  readonly #tasks: readonly { readonly name: TaskName; readonly task: MemoryTask }[]

  constructor(options: DriverOptions) {
    const program = prepareProgram(options.graph, options.catalogue, options.runtimes)
    const source = (nodeId: string) => options.partitions?.[nodeId] ?? 1
    this.plan = planStages(program, { source, repartition: options.repartition ?? 1 })
    const shared = {
      program,
      plan: this.plan,
      topics: this.#topics,
      results: this.results,
      lazy: options.lazy ?? false,
    }
    const { probe, generatorStart } = options
    this.#tasks = this.plan.stages.flatMap(({ id: stageId, tasks }) =>
      Array.from({ length: tasks }, (_, task) => ({
        name: { stageId, task },
        task: new MemoryTask({ ...shared, stageId, task, probe, generatorStart }),
      })),
    )
  }

  /** All tasks, in topological order of their stages. */
  get tasks(): readonly TaskName[] {
    return this.#tasks.map(({ name }) => name)
  }

  /** The task at work. */
  task(name: TaskName): MemoryTask {
    const found = this.#tasks.find(
      ({ name: { stageId, task } }) => stageId === name.stageId && task === name.task,
    )
    if (found === undefined) throw new Error(`there is no task ${name.stageId}/${name.task}`)
    return found.task
  }

  /** Appends records to a partition of a source's topic, or to a reference topic (partition 0). */
  feed(nodeId: string, partition: number, records: readonly RawRecord[]): void {
    const topic = this.#topics.source(nodeId, partition)
    for (const record of records) topic.push(record)
  }

  /** Says, once all is read, that a source has had nothing for its idle timeout, in all partitions; then settles. */
  async markIdle(nodeId: string): Promise<void> {
    await this.settle()
    for (const { name, task } of this.#tasks) {
      const stage = stageOf(this.plan, name.stageId)
      stage.inputs.forEach((input, i) => {
        const isRead = input.kind === 'source' && name.task < input.partitions
        if (isRead && input.nodeId === nodeId) task.runtime.markIdle(i)
      })
      await task.step(0)
      await task.commit()
    }
    await this.settle()
  }

  /** Lets every task look at a clock that is moved by hand, epoch ms; then settles. */
  async tick(now: number): Promise<void> {
    for (const { task } of this.#tasks) await task.tick(now)
    await this.settle()
  }

  /** Works and commits in turns until nothing is left to read. */
  async settle(limit = 1000): Promise<void> {
    for (let active = true; active; ) {
      active = false
      for (const { task } of this.#tasks) {
        active = (await task.step(limit)) || active
        await task.commit()
      }
    }
  }

  /** Ends all sources, so that every window closes; then settles. */
  async finish(): Promise<void> {
    await this.settle()
    for (const { name, task } of this.#tasks) {
      const stage = this.plan.stages.find(({ id }) => id === name.stageId)
      stage?.inputs.forEach((input, i) => {
        if (input.kind === 'source') task.runtime.endInput(i, END_OF_INPUT)
      })
      await task.step(0)
      await task.commit()
    }
    await this.settle()
  }
}
