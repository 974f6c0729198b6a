import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findJdk } from './jdk.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-jdk-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

/** Lays out what tells a Java installation: its release file and, in a kit, the compiler. */
function install(name: string, version: string, programs: readonly string[] = ['java', 'javac']): string {
  const home = path.join(folder, name)
  mkdirSync(path.join(home, 'bin'), { recursive: true })
  for (const program of programs) writeFileSync(path.join(home, 'bin', program), '')
  writeFileSync(path.join(home, 'release'), `IMPLEMENTOR="Anyone"\nJAVA_VERSION="${version}"\n`)
  return home
}

describe('findJdk', () => {
  test('takes JAVA_HOME when it is new enough, even if a newer one is installed', () => {
    const home = install('chosen', '21.0.4')
    install('newest', '25.0.3')
    expect(findJdk({ JAVA_HOME: home }, [folder])).toEqual({ home, version: 21 })
  })

  test('passes over a JAVA_HOME that is too old', () => {
    const home = install('old', '17.0.15')
    const newer = install('newer', '24')
    expect(findJdk({ JAVA_HOME: home }, [folder])).toEqual({ home: newer, version: 24 })
  })

  test('takes the newest of the installed ones, by number', () => {
    install('a', '21.0.1')
    const newest = install('b', '100.0.1')
    install('c', '25.0.3')
    expect(findJdk({}, [folder]).home).toBe(newest)
  })

  test('finds a kit in the layout of macOS', () => {
    const home = install(path.join('temurin.jdk', 'Contents', 'Home'), '25.0.3')
    expect(findJdk({}, [folder]).home).toBe(home)
  })

  test('passes over a runtime without the compiler and over the version scheme before 9', () => {
    install('runtime', '25.0.3', ['java'])
    install('ancient', '1.8.0_402')
    expect(() => findJdk({}, [folder])).toThrow(expect.objectContaining({ code: 'STACK_JDK_MISSING' }))
  })

  test('takes none that is newer than what it is needed for', () => {
    const home = install('fitting', '17.0.15')
    install('newest', '25.0.3')
    const versions = { minimum: 17, maximum: 21, neededFor: 'Flink' }
    expect(findJdk({}, [folder], versions)).toEqual({ home, version: 17 })
    expect(() => findJdk({}, [path.join(folder, 'absent')], versions)).toThrow(
      /kit 17 to 21 is needed for Flink/,
    )
  })

  test('says what is missing and how to cure it', () => {
    expect(() => findJdk({ JAVA_HOME: '/nowhere' }, [path.join(folder, 'absent')])).toThrow(
      /kit 21 or newer is needed .*: install one and set JAVA_HOME to it\.$/,
    )
  })
})
