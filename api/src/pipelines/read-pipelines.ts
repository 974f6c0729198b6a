import type { PipelineBody, PipelineRow, VersionBody, VersionRow } from '@millrace/contracts'
import type { Catalogue } from '@millrace/graph'
import { summaryOf } from '../deployments/deployment-row.ts'
import { AppError } from '../errors.ts'
import type { Deployment, Draft, Pipeline, PrismaClient, Version } from '../generated/prisma/client.ts'
import { catalogueVersion, documentFacts, readDocument } from './documents.ts'
import { asBody, shownDraft } from './drafts.ts'

interface Place {
  readonly prisma: PrismaClient
  readonly catalogue: Catalogue
}

/** What is known of a deployment right now. */
export interface Current {
  /** Events per second into its sources, and records behind; null while nothing is known. */
  readonly rate: number | null
  readonly lag: number | null
  /** What is wrong with it, in one clause; null where nothing is. */
  readonly reason: string | null
}

/** All pipelines, by name. */
export async function listPipelines(
  { prisma, catalogue }: Place,
  currentOf: (deployment: string) => Current,
): Promise<PipelineRow[]> {
  const found = await prisma.pipeline.findMany({
    include: { draft: { omit: { graph: true } }, deployment: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  const live = await liveChecksums(prisma)
  const now = catalogueVersion(catalogue)
  const rows = found.map(async ({ id, name, draft, deployment }): Promise<PipelineRow | null> => {
    if (draft === null || deployment === null) return null
    const { rate, lag, reason } = currentOf(deployment.id)
    const summary = summaryOf(deployment)
    return {
      id,
      name,
      updatedAt: draft.savedAt.getTime(),
      rate,
      lag,
      nodes: draft.nodes,
      errors: draft.catalogue === now ? draft.errors : await countErrors({ prisma, catalogue }, id),
      unpublished: live.get(id) !== draft.checksum,
      deployment: { ...summary, reason: summary.reason ?? reason },
    }
  })
  return (await Promise.all(rows)).filter((row) => row !== null)
}

/** @throws AppError `not_found` */
export async function readPipeline({ prisma, catalogue }: Place, id: string): Promise<PipelineBody> {
  const found = await prisma.pipeline.findUnique({
    where: { id },
    include: { draft: true, deployment: true },
  })
  const { draft, deployment } = requireWhole(found)
  const version = deployment.version
  const live = version === null ? null : await findVersion(prisma, id, version)
  return {
    id,
    name: found?.name ?? '',
    draft: shownDraft(draft, catalogue),
    live: live && {
      version: live.version,
      graph: asBody(readDocument(live.graph, catalogue)),
      publishedAt: live.publishedAt.getTime(),
    },
    deployment: summaryOf(deployment),
  }
}

/** The versions of a pipeline, newest first. */
export async function listVersions({ prisma }: Place, pipelineId: string): Promise<VersionRow[]> {
  const deployment = await prisma.deployment.findUnique({ where: { pipelineId } })
  if (deployment === null) throw notFound()
  const versions = await prisma.version.findMany({
    where: { pipelineId },
    orderBy: { version: 'desc' },
    omit: { graph: true, plan: true },
  })
  return versions.map((version) => versionRow(version, deployment.version))
}

/** @throws AppError `not_found` */
export async function readVersion(
  { prisma, catalogue }: Place,
  pipelineId: string,
  version: number,
): Promise<VersionBody> {
  const [found, deployment] = await Promise.all([
    findVersion(prisma, pipelineId, version),
    prisma.deployment.findUnique({ where: { pipelineId } }),
  ])
  if (found === null) throw new AppError('not_found', `There is no version ${version} of this pipeline.`)
  const graph = asBody(readDocument(found.graph, catalogue))
  return { ...versionRow(found, deployment?.version ?? null), graph }
}

function findVersion(prisma: PrismaClient, pipelineId: string, version: number): Promise<Version | null> {
  return prisma.version.findUnique({ where: { pipelineId_version: { pipelineId, version } } })
}

function versionRow(
  { version, publishedAt, publishedBy, checksum }: Omit<Version, 'graph' | 'plan'>,
  live: number | null,
): VersionRow {
  return { version, publishedAt: publishedAt.getTime(), publishedBy, checksum, live: version === live }
}

/** By pipeline: the checksum of the version that runs or ran last. */
async function liveChecksums(prisma: PrismaClient): Promise<Map<string, string>> {
  const rows = await prisma.$queryRaw<{ pipeline_id: string; checksum: string }[]>`
    SELECT v.pipeline_id, v.checksum FROM versions v
    JOIN deployments d ON d.pipeline_id = v.pipeline_id AND d.version = v.version`
  return new Map(rows.map(({ pipeline_id, checksum }) => [pipeline_id, checksum]))
}

/**
 * The node types have changed since the draft was saved, and so what is wrong with it. One that cannot be read is one
 * mistake: it is told in full where it is opened, and keeps nobody from the others.
 */
async function countErrors({ prisma, catalogue }: Place, pipelineId: string): Promise<number> {
  const draft = await prisma.draft.findUnique({ where: { pipelineId } })
  if (draft === null) return 0
  try {
    return documentFacts(readDocument(draft.graph, catalogue), catalogue).errors
  } catch (error) {
    if (error instanceof AppError) return 1
    throw error
  }
}

function requireWhole(found: (Pipeline & { draft: Draft | null; deployment: Deployment | null }) | null): {
  draft: Draft
  deployment: Deployment
} {
  if (!found?.draft || !found.deployment) throw notFound()
  return { draft: found.draft, deployment: found.deployment }
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such pipeline.')
}
