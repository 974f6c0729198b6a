import type { DraftBody, SaveDraft, SavedDraft } from '@millrace/contracts'
import { type Catalogue, emptyGraph, type PipelineGraph } from '@millrace/graph'
import { AppError } from '../errors.ts'
import type { Draft, PrismaClient } from '../generated/prisma/client.ts'
import { randomId } from '../random-id.ts'
import { acceptDocument, documentFacts, readDocument } from './documents.ts'

/** What drafts are kept in and checked with. */
interface Place {
  readonly prisma: PrismaClient
  readonly catalogue: Catalogue
}

/** Makes a pipeline with its first draft and its deployment, which begins stopped; gives its id. */
export async function createPipeline(
  { prisma, catalogue }: Place,
  name: string,
  template: PipelineGraph | null,
  savedBy: string,
): Promise<string> {
  const graph = { ...(template ?? emptyGraph(name)), name: plainName(name) }
  const id = randomId()
  await prisma.pipeline.create({
    data: {
      id,
      name: graph.name,
      draft: { create: { ...documentFacts(graph, catalogue), revision: 1, savedAt: new Date(), savedBy } },
      deployment: { create: { id: randomId() } },
    },
  })
  return id
}

/**
 * Saves a draft over the revision that it was made from.
 *
 * @throws AppError `pipeline_invalid`, `not_found`, `draft_changed` with the newer draft
 */
export async function saveDraft(
  { prisma, catalogue }: Place,
  pipelineId: string,
  { graph: json, revision }: SaveDraft,
  savedBy: string,
): Promise<SavedDraft> {
  const graph = acceptDocument(json)
  const name = plainName(graph.name)
  const savedAt = new Date()
  const data = { ...documentFacts(graph, catalogue), revision: revision + 1, savedAt, savedBy }
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.draft.updateMany({ where: { pipelineId, revision }, data })
    if (count > 0) await tx.pipeline.update({ where: { id: pipelineId }, data: { name } })
    else await refuse(tx, pipelineId, catalogue)
  })
  return { revision: revision + 1, savedAt: savedAt.getTime() }
}

/** A draft as it is answered, with the settings of its nodes led up to this catalogue. */
export function shownDraft(draft: Draft, catalogue: Catalogue): DraftBody {
  const { revision, savedAt, savedBy } = draft
  return {
    graph: asBody(readDocument(draft.graph, catalogue)),
    revision,
    savedAt: savedAt.getTime(),
    savedBy,
  }
}

/** A graph as an answer: the schema knows no read-only lists. */
export function asBody(graph: PipelineGraph): DraftBody['graph'] {
  return graph as DraftBody['graph']
}

async function refuse(
  { draft: drafts }: Pick<PrismaClient, 'draft'>,
  pipelineId: string,
  catalogue: Catalogue,
): Promise<never> {
  const newer = await drafts.findUnique({ where: { pipelineId } })
  if (newer === null) throw new AppError('not_found', 'There is no such pipeline.')
  const message = `${newer.savedBy} saved the draft in the meantime: take theirs, or save yours as a copy.`
  throw new AppError('draft_changed', message, { body: { draft: shownDraft(newer, catalogue) } })
}

/** Names stand in lists and messages, and Postgres takes no NUL: control characters are refused. */
function plainName(name: string): string {
  if (!/\p{Cc}/u.test(name)) return name
  throw new AppError('invalid_request', 'The name of a pipeline must not contain control characters.')
}
