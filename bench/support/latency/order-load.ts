import path from 'node:path'
import { runCommand } from '../../../scripts/app/run-command.ts'
import type { SentOrders } from './send-orders.ts'

/** A schedule of orders. */
export interface OrderSchedule {
  readonly perSecond: number
  /** Epoch ms. */
  readonly start: number
  readonly end: number
}

/** Sends orders by a schedule from a process of its own; resolves when all were acknowledged. */
export async function sendOrders(
  brokers: string,
  topic: string,
  { perSecond, start, end }: OrderSchedule,
  signal: AbortSignal,
): Promise<SentOrders> {
  const script = path.join(import.meta.dirname, 'send-orders.ts')
  const args = [script, brokers, topic, ...[perSecond, start, end].map(String)]
  return JSON.parse(await runCommand(args, {}, signal)) as SentOrders
}

/** When order i is to be sent, epoch ms. */
export function dueAt({ start, perSecond }: OrderSchedule, i: number): number {
  return start + (i * 1000) / perSecond
}
