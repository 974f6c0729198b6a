import type { Control } from '../deployments/control.ts'
import { createPipeline } from '../pipelines/drafts.ts'
import { ordersByRegion } from '../templates/orders-by-region.ts'

/** Where the servers of the demo are. */
export interface DemoServers {
  /** `host:port` */
  readonly kafka: string
  /** URL */
  readonly elasticsearch: string
}

/**
 * Makes the connections and the pipeline of the demo, unless they are there; gives the id of the pipeline. Null where
 * there are other pipelines and not this one: somebody deleted it, or gave it another name.
 */
export async function seedDemo(control: Control, servers: DemoServers): Promise<string | null> {
  await connect(control, 'kafka', 'kafka', 'Kafka', { brokers: servers.kafka })
  await connect(control, 'elasticsearch', 'elasticsearch', 'Elasticsearch', { node: servers.elasticsearch })
  const { name } = ordersByRegion
  const known = await control.prisma.pipeline.findFirst({ where: { name }, orderBy: { createdAt: 'asc' } })
  if (known !== null) return known.id
  const hasOthers = (await control.prisma.pipeline.count()) > 0
  return hasOthers ? null : createPipeline(control, name, ordersByRegion, 'Millrace')
}

/** A connection that somebody has changed stays as it is, unless it leads to a server of an earlier start. */
async function connect(
  { connections }: Control,
  id: string,
  kind: 'kafka' | 'elasticsearch',
  label: string,
  settings: { readonly [name: string]: string },
): Promise<void> {
  const known = await connections.open(id)
  const isOurs = known === null || Object.keys(known.secrets).length === 0
  const isSame = Object.entries(settings).every(([name, value]) => known?.settings[name] === value)
  if (isOurs && !isSame) await connections.save(id, { kind, label, settings: { ...settings } })
}
