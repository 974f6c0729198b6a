import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { processIdentity } from './process-identity.mjs'

// Plain JavaScript for Node 20: scripts/run.mjs uses it before anything is installed.

const pollMs = 50

/**
 * Runs `action` while no other process (or other call in this one) holds the lock `folder`. A holder that died
 * holds nothing. Source: Lamport's bakery algorithm (Communications of the ACM 17/8, 1974), with files as its
 * variables: every contender owns a file name of its own, which names its process, so that the files of the dead
 * can be told and removed without ever touching one of the living.
 *
 * @template T
 * @param {string} folder created when absent, and left behind
 * @param {() => T | Promise<T>} action
 * @param {{ signal?: AbortSignal, onWait?: () => void }} [options] `onWait` is called once if another holds the
 *   lock; an abort while waiting rejects with the signal's reason
 * @returns {Promise<T>}
 */
export async function withFileLock(folder, action, options = {}) {
  mkdirSync(folder, { recursive: true })
  const owner = `${process.pid}.${processIdentity(process.pid)}.${randomBytes(4).toString('hex')}`
  const ticket = takeTicket(folder, owner)
  try {
    await waitForTurn(folder, ticket, options)
    return await action()
  } finally {
    rmSync(path.join(folder, ticket.file), { force: true })
  }
}

/**
 * @typedef {{ file: string, number: number, owner: string }} Ticket
 * @param {string} folder
 * @param {string} owner
 * @returns {Ticket}
 */
function takeTicket(folder, owner) {
  const choosing = path.join(folder, `choosing.0.${owner}`)
  writeFileSync(choosing, '')
  try {
    const number = 1 + Math.max(0, ...entries(folder, 'ticket').map((entry) => entry.number))
    const file = `ticket.${number}.${owner}`
    writeFileSync(path.join(folder, file), '')
    return { file, number, owner }
  } finally {
    rmSync(choosing, { force: true })
  }
}

/**
 * @param {string} folder
 * @param {Ticket} mine
 * @param {{ signal?: AbortSignal, onWait?: () => void }} options
 */
async function waitForTurn(folder, mine, options) {
  for (let told = false; !isMyTurn(folder, mine); told = true) {
    if (!told) options.onWait?.()
    options.signal?.throwIfAborted()
    await sleep(pollMs)
  }
  options.signal?.throwIfAborted()
}

/**
 * @param {string} folder
 * @param {Ticket} mine
 */
function isMyTurn(folder, mine) {
  // Two listings, in this order: who is not seen choosing has either taken its ticket before the second listing
  // or will see mine and take a higher number.
  const someoneChooses = living(folder, 'choosing').length > 0
  const before = living(folder, 'ticket').filter((other) => isBefore(other, mine))
  return !someoneChooses && before.length === 0
}

/**
 * @param {Ticket} a
 * @param {Ticket} b
 */
function isBefore(a, b) {
  return a.number === b.number ? a.owner < b.owner : a.number < b.number
}

/**
 * @param {string} folder
 * @param {'choosing' | 'ticket'} kind
 */
function living(folder, kind) {
  return entries(folder, kind).filter((entry) => {
    const [pid, identity] = entry.owner.split('.')
    const lives = processIdentity(Number(pid)) === identity
    if (!lives) rmSync(path.join(folder, entry.file), { force: true })
    return lives
  })
}

/**
 * @param {string} folder
 * @param {'choosing' | 'ticket'} kind
 * @returns {Ticket[]}
 */
function entries(folder, kind) {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${kind}.`))
    .map((file) => {
      const [, number, ...owner] = file.split('.')
      return { file, number: Number(number), owner: owner.join('.') }
    })
}
