import { validate } from '@millrace/graph'
import type { PlannedGeneration } from '../generations.ts'
import { isError } from '../outlook.ts'
import type { World } from '../world.ts'
import { lookAround } from '../world.ts'
import { type Step, StepFailure } from './step.ts'

/** Looks once more at the pipeline and at what it uses: since it was planned, the world may have changed. */
export const preflight: Step = {
  patienceMs: 0,
  async run({ control, generation }) {
    const planned = await generation()
    const { graph } = planned.spec
    const world = await lookAround(control, graph)
    const [wrong] = [...validate(graph, control.catalogue), ...world.issues].filter(isError)
    if (wrong) throw new StepFailure(wrong.message)
    refuseOtherTopics(planned, world)
    const count = world.topics.size + world.aliases.length
    return { done: true, detail: `nodes: ${graph.nodes.length}, topics and aliases: ${count}, all in order` }
  },
}

/** The plan was made for the topics as they were. */
function refuseOtherTopics({ spec }: PlannedGeneration, { topics }: World): void {
  for (const [nodeId, planned] of Object.entries(spec.topics)) {
    const now = topics.get(nodeId)
    if (now?.topicId === planned.topicId && now.partitions === planned.partitions) continue
    throw new StepFailure(`The topic "${planned.topic}" changed since this was planned: publish again.`)
  }
}
