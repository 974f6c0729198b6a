import type { BenchCase, BenchContext, Figure, Goal } from '../support/bench-case.ts'
import { type Outcome, runGraph } from '../support/beside-flink/comparison.ts'
import { allowedCores, type Cores, shareCores } from '../support/beside-flink/cores.ts'
import type { Engine, InputTopics } from '../support/beside-flink/engine.ts'
import { FLINK_WARM_UP, FlinkEngine } from '../support/beside-flink/flink-engine.ts'
import { COMPARED_GRAPHS, type ComparedGraph } from '../support/beside-flink/graphs.ts'
import { fillInputs } from '../support/beside-flink/inputs.ts'
import { MillraceEngine } from '../support/beside-flink/millrace-engine.ts'
import { rowDifference } from '../support/beside-flink/result-rows.ts'
import { type SharedServers, startSharedServers } from '../support/beside-flink/servers.ts'

const GOALS: readonly Goal[] = [
  { column: 'speed', kind: 'at least', value: 1.2 },
  { column: 'work', kind: 'at most', value: 1 },
  { column: 'memory', kind: 'at most', value: 0.5 },
]

/** Millrace and Flink SQL, one graph after the other. */
export const benchCase: BenchCase = {
  method:
    '2,000,000 orders of 260 bytes of JSON (from the join on 1,000,000, with 0.9 payments of each) in 4 partitions, worked off by a job that starts at their beginning and writes to Kafka; 3 rounds of all graphs, the engine that comes first in turns. Half of the machine’s cores for the engine, bound with taskset, with Redis for Millrace; broker and measurement on the others. Flink 2.3.0: JobManager (800 MB) and TaskManager (heap 1.1 GB) on Java 17, fresh and warmed up in each round, its SQL gateway not counted; state on the heap, a checkpoint every 2 s, exactly-once sink. Millrace: one executor for each core, fresh for each job, a commit every 100 to 500 ms. Measured from the first commit of positions beyond 25 % to the last one before the end, where results come from a second stage to the last result; CPU of all processes of the engine, Redis included; MB: the most that they held at once, Redis apart. The rows of both are compared, all of them, each round',
  columns: [
    { key: 'rate', title: 'events/s', digits: 0 },
    { key: 'cpu', title: 'CPU-s/M events', digits: 2 },
    { key: 'cores', title: 'cores busy', digits: 2 },
    { key: 'megabytes', title: 'MB', digits: 0 },
    { key: 'redis', title: 'Redis MB', digits: 0 },
    { key: 'speed', title: '× Flink', digits: 2 },
    { key: 'work', title: '× its CPU', digits: 2 },
    { key: 'memory', title: '× its MB', digits: 2 },
  ],
  async run(bench) {
    const { quick, choice } = bench
    const graphs = chosenGraphs(choice.graphs)
    const events = choice.events ?? (quick ? 100_000 : 1_000_000)
    const comparison = await Comparison.prepare(bench, graphs, events)
    return comparison.run(choice.rounds ?? (quick ? 1 : 3))
  },
}

function chosenGraphs(ids: readonly string[] | null): readonly ComparedGraph[] {
  const known = COMPARED_GRAPHS.map(({ id }) => id)
  const unknown = ids?.filter((id) => !known.includes(id)) ?? []
  if (unknown.length > 0)
    throw new Error(`there is no graph ${unknown.join(', ')}; there are ${known.join(', ')}`)
  return COMPARED_GRAPHS.filter(({ id }) => ids?.includes(id) ?? true)
}

/** What both engines made of a graph in one round. */
interface Pair {
  readonly flink: Outcome
  readonly millrace: Outcome
  /** What is different between their rows; null where nothing is, or one of them has none. */
  readonly difference: string | null
}

/** What graphs read. */
interface Inputs {
  readonly long: InputTopics
  /** Null where all graphs are long. */
  readonly short: InputTopics | null
}

class Comparison {
  readonly #bench: BenchContext
  readonly #servers: SharedServers
  readonly #inputs: Inputs
  readonly #graphs: readonly ComparedGraph[]
  readonly #flink: Engine
  readonly #millrace: Engine
  readonly #pairs = new Map<ComparedGraph, Pair[]>()

  private constructor(
    bench: BenchContext,
    servers: SharedServers,
    inputs: Inputs,
    graphs: readonly ComparedGraph[],
    cores: Cores,
  ) {
    this.#bench = bench
    this.#servers = servers
    this.#inputs = inputs
    this.#graphs = graphs
    this.#flink = new FlinkEngine(bench, servers, cores)
    this.#millrace = new MillraceEngine(bench, servers, cores)
  }

  static async prepare(
    bench: BenchContext,
    graphs: readonly ComparedGraph[],
    events: number,
  ): Promise<Comparison> {
    const cores = shareCores(allowedCores())
    const servers = await startSharedServers(bench, cores)
    const fill = async (prefix: string, count: number, ofThem: readonly ComparedGraph[]) => {
      bench.say(`writing ${count.toLocaleString('en')} orders`)
      return fillInputs(servers.kafka, prefix, count, new Set(ofThem.flatMap(({ inputs }) => inputs)))
    }
    const [long, short] = [graphs.filter((graph) => graph.long), graphs.filter((graph) => !graph.long)]
    const inputs = {
      // The warm-up takes those, too.
      long: await fill('long', 2 * events, [...long, FLINK_WARM_UP]),
      short: short.length > 0 ? await fill('short', events, short) : null,
    }
    return new Comparison(bench, servers, inputs, graphs, cores)
  }

  async run(rounds: number): Promise<Figure[]> {
    for (let round = 1; round <= rounds; round++) {
      this.#bench.say(`round ${round} of ${rounds}: starting Flink and warming it up`)
      await this.#flink.start(round)
      await this.#outcome(this.#flink, FLINK_WARM_UP, `${round}-warm-up`)
      for (const [i, graph] of this.#graphs.entries()) {
        const pairs = this.#pairs.get(graph) ?? []
        pairs.push(await this.#pair(graph, round, (round + i) % 2 === 0))
        this.#pairs.set(graph, pairs)
      }
      await this.#flink.stop()
    }
    return [...this.#pairs].flatMap(([graph, pairs]) => figuresOf(graph, pairs))
  }

  async #pair(graph: ComparedGraph, round: number, flinkFirst: boolean): Promise<Pair> {
    const label = String(round)
    const before = flinkFirst ? await this.#outcome(this.#flink, graph, label) : null
    const millrace = await this.#outcome(this.#millrace, graph, label)
    const flink = before ?? (await this.#outcome(this.#flink, graph, label))
    const difference =
      'rows' in flink && 'rows' in millrace
        ? rowDifference({ name: 'Flink', rows: flink.rows }, { name: 'Millrace', rows: millrace.rows })
        : null
    if (difference !== null) this.#bench.say(`${graph.name}: ${difference}`)
    return { flink: withoutRows(flink), millrace: withoutRows(millrace), difference }
  }

  async #outcome(engine: Engine, graph: ComparedGraph, label: string): Promise<Outcome> {
    const { long, short } = this.#inputs
    const outcome = await runGraph(engine, graph, (!graph.long && short) || long, this.#servers, label)
    const text =
      'failure' in outcome
        ? outcome.failure
        : `${engine.name} ${Math.round(outcome.run.eventsPerSecond).toLocaleString('en')} events/s`
    this.#bench.say(`${graph.name}: ${text}`)
    return outcome
  }
}

/** A million rows need not stay in memory for the other rounds. */
function withoutRows(outcome: Outcome): Outcome {
  return 'failure' in outcome ? outcome : { run: outcome.run, rows: new Map() }
}

function figuresOf({ name }: ComparedGraph, pairs: readonly Pair[]): Figure[] {
  const runs = pairs.flatMap(({ flink, millrace }) =>
    'run' in flink && 'run' in millrace ? [{ flink: flink.run, millrace: millrace.run }] : [],
  )
  const failures = pairs
    .flatMap(({ flink, millrace }) => [failureOf(flink), failureOf(millrace)])
    .filter(Boolean)
  const differences = pairs.flatMap(({ difference }) => difference ?? [])
  const remark = [...failures, ...differences][0] ?? 'same rows'
  const ratio = (of: (run: (typeof runs)[number]['flink']) => number) =>
    runs.map(({ flink, millrace }) => of(millrace) / of(flink))
  return [
    { name: `${name}: Flink`, samples: samplesOf(runs.map(({ flink }) => flink)) },
    {
      name: `${name}: Millrace`,
      samples: {
        ...samplesOf(runs.map(({ millrace }) => millrace)),
        redis: runs.map(({ millrace }) => millrace.helperMegabytes),
        speed: ratio(({ eventsPerSecond }) => eventsPerSecond),
        work: ratio(({ cpuPerMillion }) => cpuPerMillion),
        memory: ratio(({ megabytes }) => megabytes),
      },
      goal: GOALS,
      remark: remark.replaceAll(/\s+/g, ' ').slice(0, 300),
    },
  ]
}

function failureOf(outcome: Outcome): string {
  return 'failure' in outcome ? outcome.failure : ''
}

function samplesOf(runs: readonly Extract<Outcome, { run: unknown }>['run'][]): Figure['samples'] {
  return {
    rate: runs.map(({ eventsPerSecond }) => eventsPerSecond),
    cpu: runs.map(({ cpuPerMillion }) => cpuPerMillion),
    cores: runs.map(({ cores }) => cores),
    megabytes: runs.map(({ megabytes }) => megabytes),
  }
}
