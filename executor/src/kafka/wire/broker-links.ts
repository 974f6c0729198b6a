import type { BrokerLink } from './broker-link.ts'
import type { Cluster } from './cluster.ts'

/** Sockets of one owner, at most one per broker: what it sends to a broker arrives in order. */
export class BrokerLinks {
  readonly #cluster: Cluster
  readonly #links = new Map<number, BrokerLink>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** The owner's link to a broker. */
  to(brokerId: number): BrokerLink {
    const existing = this.#links.get(brokerId)
    if (existing) return existing
    const link = this.#cluster.openLink(brokerId)
    this.#links.set(brokerId, link)
    return link
  }

  /** Closes all links; requests under way fail. Later ones open new links. */
  close(): void {
    for (const link of this.#links.values()) this.#cluster.closeLink(link)
    this.#links.clear()
  }
}
