import type { Search, SearchResult } from '@millrace/contracts'
import { MASK, maskRecord } from '@millrace/graph'
import { documentTimeField, type ElasticsearchConfig } from '@millrace/nodes'
import type { Control } from '../deployments/control.ts'
import { readGeneration } from '../deployments/generations.ts'
import { findSubject } from '../deployments/requests.ts'
import { AppError } from '../errors.ts'
import { hiddenIn } from './sensitive.ts'

/**
 * Finds documents behind an Elasticsearch sink of what runs or ran last. Sensitive fields are masked, and so is an id that
 * repeats one.
 *
 * @throws AppError `not_found`, `not_published`, `wrong_kind`
 */
export async function searchNode(
  control: Control,
  pipelineId: string,
  nodeId: string,
  { query, from, to, size }: Search,
): Promise<SearchResult> {
  const { deployment } = await findSubject(control, pipelineId)
  if (deployment.generation === 0) {
    throw new AppError('not_published', 'Nothing of this pipeline was published yet.')
  }
  const { spec } = await readGeneration(control.prisma, deployment.id, deployment.generation)
  const node = spec.graph.nodes.find(({ id }) => id === nodeId)
  if (node === undefined) throw new AppError('not_found', 'The node is not part of what was published.')
  if (node.type !== 'elasticsearch') {
    throw new AppError('wrong_kind', 'Only an Elasticsearch sink has documents to look at.')
  }
  const config = node.config as unknown as ElasticsearchConfig
  const port = await control.ports.get('elasticsearch', config.connection)
  const found = await port.search(config.alias, {
    query,
    timeField: documentTimeField(config),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    size,
  })
  const { anywhere } = hiddenIn(spec.graph, control.catalogue)(nodeId)
  return { ...found, documents: found.documents.map((one) => shownDocument(one, config.id, anywhere)) }
}

type Document = SearchResult['documents'][number]

/** @internal */
export function shownDocument(
  { index, id, source }: Document,
  idTemplate: string,
  sensitive: ReadonlySet<string>,
): Document {
  const { key, value } = maskRecord({ key: id, value: source }, sensitive)
  // Signs of a value may be escaped in an id, so that it cannot be found there.
  const isNamed = [...sensitive].some((name) => idTemplate.includes(`{${name}}`))
  return { index, id: isNamed ? MASK : (key ?? MASK), source: value ?? MASK }
}
