import type { Column, Figure } from './bench-case.ts'

/** Runs something once; returns the CPU nanoseconds that it took per record. */
export type Timed = () => number | Promise<number>

/** The columns of what is measured per record on one core. */
export const PER_RECORD: readonly Column[] = [
  { key: 'ns', title: 'CPU ns/record', digits: 0 },
  { key: 'rate', title: 'records/CPU-s', digits: 0 },
]

/** The same beside a rival or a bare loop of the same round. */
export const PER_RECORD_AND_RATIO: readonly Column[] = [
  ...PER_RECORD,
  { key: 'ratio', title: '× bare', digits: 2 },
]

/**
 * Begins to count the CPU time of this process, all threads: what others do on the machine does not count, what the
 * garbage collector does beside the program does. The function returned gives the nanoseconds since then.
 */
export function startCpuClock(): () => number {
  const start = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) * 1000
  }
}

/**
 * CPU nanoseconds per record by work and round. Every round runs every work, so that all of them see the same machine; one
 * round before lets the compiler do its part.
 */
export async function measureRounds(works: readonly Timed[], rounds: number): Promise<readonly number[][]> {
  const samples: number[][] = works.map(() => [])
  for (let round = -1; round < rounds; round++) {
    for (const [i, work] of works.entries()) {
      const spent = await work()
      if (round >= 0) samples[i]?.push(spent)
    }
  }
  return samples
}

/** A row of such a table; with the samples of a bare loop also how many times as fast this is. */
export function perRecordFigure(
  name: string,
  nanoseconds: readonly number[],
  bare?: readonly number[],
): Figure {
  const rate = nanoseconds.map((ns) => 1e9 / ns)
  const ratio = bare?.map((ns, i) => ns / (nanoseconds[i] ?? Number.NaN))
  return { name, samples: { ns: nanoseconds, rate, ...(ratio && { ratio }) } }
}

/** Times a loop over so many records. */
export function timeLoop(records: number, work: (i: number) => unknown): Timed {
  return () => {
    const spent = startCpuClock()
    let last: unknown
    for (let i = 0; i < records; i++) last = work(i)
    // What is not used may be optimised away.
    return last === undefined ? Number.POSITIVE_INFINITY : spent() / records
  }
}
