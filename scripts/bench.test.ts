import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { benchNames } from '../bench/cases/index.ts'

const ROOT = path.dirname(import.meta.dirname)

function bench(...args: string[]) {
  return spawnSync(process.execPath, ['scripts/bench.ts', ...args], { cwd: ROOT, encoding: 'utf8' })
}

describe('npm run bench', { timeout: 60_000 }, () => {
  it('reaches every file in bench/cases', () => {
    const files = readdirSync(path.join(ROOT, 'bench/cases')).map((file) => path.basename(file, '.ts'))
    expect(files.filter((name) => name !== 'index').toSorted()).toEqual(benchNames.toSorted())
  })

  it('lists the cases', () => {
    const { stdout, status } = bench('--list')
    expect(status).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(benchNames)
  })

  it.each([
    [['graph', 'nonsense'], 'There is no case nonsense; the cases are start, demo,'],
    [['constructor'], 'There is no case constructor;'],
    [['--fast'], "Unknown option '--fast'"],
    [['graph', '--quick', '--docs'], 'have no place in --docs'],
    [['flink', '--rounds', '1', '--docs'], 'has no place in --docs'],
    [['big-state', '--keys', '1000', '--docs'], 'has no place in --docs'],
    [['big-state', '--keys', '5e6'], '--keys takes a number from 1.'],
    [['flink', '--events', '1e6'], '--events takes a number from 1.'],
  ])('refuses %j with a clear word', (args, word) => {
    const { stderr, status } = bench(...args)
    expect(stderr).toContain(word)
    expect(status).toBe(2)
  })
})
