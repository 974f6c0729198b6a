import type { FastifyBaseLogger } from 'fastify'
import { messageOf } from '../errors.ts'
import { isDatabaseDown, isRedisDown } from '../http/outages.ts'
import { storableText } from '../storable-text.ts'
import type { Control } from './control.ts'
import type { Failpoint } from './failpoint.ts'
import { readGeneration } from './generations.ts'
import { completeStep, failStep, type StepPlace } from './operations.ts'
import type { OperationKind, StepName } from './step-table.ts'
import { cleanUp } from './steps/clean-up.ts'
import { createTopics } from './steps/create-topics.ts'
import { handOver } from './steps/hand-over.ts'
import { preflight } from './steps/preflight.ts'
import { type Step, StepFailure, type Work } from './steps/step.ts'
import { stop, waitStopped } from './steps/stop.ts'
import { takeBack } from './steps/take-back.ts'
import { verify } from './steps/verify.ts'

const STEPS = {
  preflight,
  'create-topics': createTopics,
  'hand-over': handOver,
  verify,
  'clean-up': cleanUp,
  'take-back': takeBack,
  'verify-take-back': verify,
  stop,
  'wait-stopped': waitStopped,
} as const satisfies Record<StepName, Step>

/** What is to happen with a step next. */
export type StepFate = 'ended' | 'again'

/** Carries out the steps of operations. Everything is in Postgres, so that any process can go on at any point. */
export class StepRunner {
  readonly #control: Control
  readonly #failpoint: Failpoint
  readonly #log: FastifyBaseLogger

  constructor(control: Control, failpoint: Failpoint) {
    this.#control = control
    this.#failpoint = failpoint
    this.#log = control.log
  }

  /**
   * Carries out one step, if it is still to be done. `again`: it is not done and must be looked at again.
   *
   * @throws what Postgres throws while it is out of reach: nothing can be noted then
   */
  async run(place: StepPlace): Promise<StepFate> {
    const work = await this.#begin(place)
    if (work === null) return 'ended'
    const kind = work.operation.kind as OperationKind
    const name = work.step.name as StepName
    this.#failpoint(kind, name, 'before')
    const fate = await this.#carryOut(work, place, STEPS[name])
    if (fate === 'ended') {
      this.#failpoint(kind, name, 'after')
      this.#control.stepIsDue()
    }
    return fate
  }

  async #begin({ operationId, position }: StepPlace): Promise<Work | null> {
    const { prisma } = this.#control
    const operation = await prisma.operation.findUnique({
      where: { id: operationId },
      include: { deployment: true, steps: { where: { position } } },
    })
    const [step] = operation?.steps ?? []
    if (!operation || !step || operation.endedAt !== null) return null
    const { deployment } = operation
    if (deployment.operationId !== operation.id) return null
    if (step.state === 'done' || step.state === 'failed') return null
    const startedAt = step.startedAt ?? new Date()
    if (step.state === 'waiting') {
      const where = { operationId_position: { operationId, position } }
      await prisma.operationStep.update({ where, data: { state: 'running', startedAt } })
    }
    return {
      control: this.#control,
      deployment,
      operation,
      step,
      startedAt: startedAt.getTime(),
      generation: () => readGeneration(prisma, deployment.id, operation.generation ?? 0),
    }
  }

  async #carryOut(work: Work, place: StepPlace, step: Step): Promise<StepFate> {
    const { prisma } = this.#control
    try {
      const result = await step.run(work)
      if (!result.done) {
        await this.#note(work, place, result.detail)
        return 'again'
      }
      await completeStep(prisma, place, result.detail, result.commit)
      return 'ended'
    } catch (error) {
      if (isDatabaseDown(error)) throw error
      return this.#failed(work, place, step, error)
    }
  }

  async #failed(work: Work, place: StepPlace, { patienceMs }: Step, error: unknown): Promise<StepFate> {
    const isFinal = error instanceof StepFailure || Date.now() - work.startedAt >= patienceMs
    const { operation, step } = work
    const facts = { operation: operation.id, step: step.name, reason: messageOf(error) }
    if (!isFinal || isRedisDown(error)) {
      this.#log.warn(facts, 'a step is tried again')
      await this.#note(work, place, messageOf(error))
      return 'again'
    }
    // What went wrong with clean-up is left to the clean-up of the next operation.
    this.#log.error(error instanceof StepFailure ? facts : { ...facts, err: error }, 'a step failed')
    if (step.name === 'clean-up')
      await completeStep(this.#control.prisma, place, `not all: ${messageOf(error)}`)
    else await failStep(this.#control.prisma, place, messageOf(error))
    return 'ended'
  }

  async #note({ step }: Work, { operationId, position }: StepPlace, text: string): Promise<void> {
    const detail = storableText(text)
    if (step.detail === detail) return
    const where = { operationId, position, state: 'running' as const }
    await this.#control.prisma.operationStep.updateMany({ where, data: { detail } })
  }
}
