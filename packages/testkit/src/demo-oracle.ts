/** An order as the demo's topic holds it. */
export interface OracleOrder {
  readonly orderId: string
  readonly userId: string
  readonly items: readonly { readonly sku: string }[]
  readonly total: number
  readonly ts: number
}

/** What the demo knows of users and products, by id. */
export interface OracleReference {
  readonly users: ReadonlyMap<string, { readonly region: string; readonly tier: string }>
  readonly products: ReadonlyMap<string, { readonly category: string }>
}

/** An order as it must stand in Elasticsearch. */
export interface OracleDocument {
  readonly index: string
  readonly orderId: string
  readonly userId: string
  readonly region: string | null
  readonly tier: string | null
  readonly categories: readonly (string | null)[]
  readonly total: number
  readonly ts: number
}

/** A row of `orders-per-region`. */
export interface OracleWindow {
  readonly region: string | null
  readonly window_start: number
  readonly window_end: number
  readonly orders: number
  readonly revenue: number
  readonly average: number
}

const FIVE_MINUTES = 300_000
const HOUR = 3_600_000

/**
 * What the pipeline "Orders by region" must make of orders, in order of arrival, when none is late and all windows are
 * closed. Written for itself: it shares no code with the engine.
 */
export function demoOracle(orders: Iterable<OracleOrder>, { users, products }: OracleReference) {
  const firstSeen = new Map<string, number>()
  const documents: OracleDocument[] = []
  const totals = new Map<string, number[]>()
  for (const { orderId, userId, items, total, ts } of orders) {
    if (userId.startsWith('healthcheck')) continue
    const name = JSON.stringify([userId, orderId])
    if (ts < (firstSeen.get(name) ?? Number.NEGATIVE_INFINITY) + HOUR) continue
    firstSeen.set(name, ts)
    const { region = null, tier = null } = users.get(userId) ?? {}
    const categories = items.map(({ sku }) => products.get(sku)?.category ?? null)
    const index = `orders-${new Date(ts).toISOString().slice(0, 10)}`
    documents.push({ index, orderId, userId, region, tier, categories, total, ts })
    const window = JSON.stringify([region, Math.floor(ts / FIVE_MINUTES)])
    totals.set(window, [...(totals.get(window) ?? []), total])
  }
  return { documents, windows: [...totals].map(([window, list]) => summarise(window, list)) }
}

function summarise(window: string, totals: readonly number[]): OracleWindow {
  const [region, number] = JSON.parse(window) as [string | null, number]
  const revenue = totals.reduce((sum, total) => sum + total, 0)
  return {
    region,
    window_start: number * FIVE_MINUTES,
    window_end: (number + 1) * FIVE_MINUTES,
    orders: totals.length,
    revenue,
    average: revenue / totals.length,
  }
}
