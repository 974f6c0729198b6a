import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand } from './command.ts'
import { asUser, passingCapability, serverUser } from './server-user.ts'

const isRoot = process.getuid?.() === 0
const command = { file: '/usr/bin/server', args: ['-D', 'data'] }
const stranger = { uid: 64_999, gid: 64_999 }

let folder: string
let data: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-user-'))
  data = path.join(folder, 'open', 'data')
  mkdirSync(path.join(folder, 'open'))
})

afterEach(() => rmSync(folder, { recursive: true }))

describe('serverUser', () => {
  test.runIf(isRoot)('prefers the account of Postgres', () => {
    expect(serverUser('nobody:x:65534:65533::/:/bin/no\npostgres:x:101:104::/:/bin/sh\n')).toEqual({
      uid: 101,
      gid: 104,
    })
  })

  test.runIf(isRoot)('takes nobody where there is no such account', () => {
    expect(serverUser('root:x:0:0::/:/bin/sh\nnobody:x:65534:65533::/:/bin/no\n')).toEqual({
      uid: 65_534,
      gid: 65_533,
    })
  })

  test.runIf(isRoot)('says so when neither exists', () => {
    expect(() => serverUser('root:x:0:0::/:/bin/sh\n')).toThrow(
      expect.objectContaining({ code: 'STACK_NO_ACCESS' }),
    )
  })

  test.skipIf(isRoot)('needs no other account for an ordinary user', () => {
    expect(serverUser('postgres:x:101:104::/:/bin/sh\n')).toBeUndefined()
  })
})

describe('asUser', () => {
  test('changes nothing without another user', () => {
    expect(asUser(command, undefined, [data])).toBe(command)
  })

  test('only changes the user where that may enter all folders', () => {
    chmodSync(folder, 0o755)
    expect(asUser(command, stranger, [data])).toEqual({ ...command, user: stranger })
  })

  test.runIf(isRoot)('keeps one capability where a folder above is closed to the user', () => {
    chmodSync(folder, 0o700)
    const { file, args, user } = asUser(command, stranger, [data])
    expect(path.basename(file)).toBe('setpriv')
    expect(args.slice(-3)).toEqual([command.file, ...command.args])
    expect(args).toEqual(expect.arrayContaining(['--reuid=64999', '--regid=64999', '--clear-groups']))
    expect(user).toBeUndefined()
  })

  test.runIf(isRoot)('lets a program read files in a folder closed to its user, and know it', async () => {
    chmodSync(folder, 0o700)
    const file = path.join(folder, 'open', 'file')
    writeFileSync(file, 'text', { mode: 0o644 })
    const code = `const { accessSync, readFileSync } = require('node:fs')
      accessSync(process.argv[1])
      console.log(readFileSync(process.argv[1], 'utf8'))`
    const program = { file: process.execPath, args: ['--eval', code, file] }
    expect(await runCommand(asUser(program, stranger, [file]), 'no access')).toBe('text\n')
  })

  test.skipIf(isRoot)('says which folder is closed when it cannot help', () => {
    chmodSync(folder, 0o700)
    expect(() => asUser(command, stranger, [data])).toThrow(`may not enter ${folder}`)
  })
})

describe('passingCapability', () => {
  test.each([
    ['CapEff:\t000001ffffffffff\n', 'dac_read_search'],
    ['CapEff:\t00000000a80425fb\n', 'dac_override'],
    ['CapEff:\t0000000000000000\n', undefined],
    ['Name:\tnode\n', undefined],
  ])('of %j is %s', (status, name) => {
    expect(passingCapability(status)).toBe(name)
  })
})
