import type { ComparedGraph, InputName } from './graphs.ts'

/** A topic of input, and where it ends. */
export interface InputTopic {
  readonly topic: string
  readonly partitions: number
  /** Records in all partitions. */
  readonly records: number
}

/** Topics by what is in them. */
export type InputTopics = Readonly<Record<InputName, InputTopic>>

/** A stream processor that is measured. */
export interface Engine {
  readonly name: 'Flink' | 'Millrace'
  /** Brings up its processes; `round` tells the starts apart. */
  start(round: number): Promise<void>
  /** Starts a job on a graph, which reads its inputs from their beginning. */
  run(graph: ComparedGraph, topics: InputTopics, results: string): Promise<EngineJob>
  stop(): Promise<void>
}

/** A job at work. */
export interface EngineJob {
  /** How many records of input are done with, as committed; throws where the job has failed. */
  committed(): Promise<number>
  /** Of all processes of the engine, with those that they started. */
  readonly pids: readonly number[]
  /** Of a server that only this engine needs. */
  readonly helperPids: readonly number[]
  /** Ends the job, and deletes what it kept for itself. */
  stop(): Promise<void>
}

/** The topics whose positions tell how far a job is: reference data is read once, at the start. */
export function countedInputs({ inputs }: ComparedGraph, topics: InputTopics): readonly InputTopic[] {
  return inputs.filter((name) => name !== 'users').map((name) => topics[name])
}

/** The names of topics by what is in them. */
export function namesOf({ orders, payments, users }: InputTopics): Readonly<Record<InputName, string>> {
  return { orders: orders.topic, payments: payments.topic, users: users.topic }
}

/** All partitions of topics. */
export function partitionsOf(
  topics: readonly InputTopic[],
): readonly { readonly topic: string; readonly partition: number }[] {
  return topics.flatMap(({ topic, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
  )
}
