import { readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'

/** An address on which a process accepts connections. */
export interface ListeningAddress {
  host: string
  port: number
}

const listening = '0A'
const mappedPrefix = '0000000000000000FFFF0000'

/**
 * The TCP addresses on which a process listens, read from the kernel's socket tables (`/proc/<pid>/net/tcp` and
 * `tcp6`; their format is in Linux' Documentation/networking/proc_net_tcp.rst). An IPv4 address that an IPv6 socket
 * bound is given as IPv4; other IPv6 addresses are given as the kernel writes them.
 */
export async function listeningAddresses(pid: number): Promise<ListeningAddress[]> {
  const sockets = await socketsOf(pid)
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8')),
  )
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening && sockets.has(fields[9] ?? ''))
    .map((fields) => parseAddress(fields[1] ?? ''))
}

async function socketsOf(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`
  const links = await Promise.all(
    // A file may be closed between the listing and the look at it.
    (await readdir(folder)).map((file) => readlink(path.join(folder, file)).catch(() => '')),
  )
  return new Set(
    links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]).filter((inode) => inode !== undefined),
  )
}

function parseAddress(text: string): ListeningAddress {
  const [address = '', port = ''] = text.split(':')
  const ipv4 = address.startsWith(mappedPrefix) ? address.slice(mappedPrefix.length) : address
  // The four bytes are printed as one number of the machine, whose lowest byte comes first in the address.
  const host = ipv4.length === 8 ? Buffer.from(ipv4, 'hex').reverse().join('.') : ipv4
  return { host, port: Number.parseInt(port, 16) }
}
