import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Command, runCommand } from './command.ts'
import { ensureJars, type JarSet, javaFolder } from './jar-cache.ts'
import { renderProperties } from './java-properties.ts'
import { findJdk, type Jdk, minimumJavaVersion } from './jdk.ts'
import { loopback } from './ports.ts'
import { createServer, type PrepareSteps, type Server } from './server.ts'
import { elasticsearchSettings } from './settings.ts'

/** Where an Elasticsearch node runs. */
export interface ElasticsearchOptions {
  folder: string
  cacheDir: string
  port: number
}

const launcher = 'ElasticsearchLauncher.java'
const transport = 'transport-netty4'

// The incubating vector instructions are part of the server's code; memory is small and start-up time matters more
// than peak speed here.
const jvmFlags = [
  ...elasticsearchSettings.heap,
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '--add-modules=jdk.incubator.vector',
  '--enable-native-access=ALL-UNNAMED',
]

/** A real Elasticsearch node without security, on loopback. Its address is an `http:` URL. */
export function createElasticsearch(options: ElasticsearchOptions): Server {
  const address = `http://${loopback}:${options.port}`
  return createServer({
    name: 'elasticsearch',
    label: elasticsearchSettings.label,
    folder: options.folder,
    port: options.port,
    portVariable: elasticsearchSettings.portVariable,
    address: () => address,
    stopSignal: 'SIGTERM',
    prepare: (steps) => prepareElasticsearch(options, steps),
    probe: () => probeElasticsearch(address),
  })
}

async function prepareElasticsearch(options: ElasticsearchOptions, steps: PrepareSteps): Promise<Command> {
  const jdk = findJdk()
  const { cacheDir, folder } = options
  const home = await ensureJars(jarSet(jdk), {
    cacheDir,
    jdk,
    onFetch: steps.installing,
    signal: steps.signal,
  })
  const configuration = path.join(folder, 'config')
  const temporary = path.join(folder, 'tmp')
  await mkdir(configuration, { recursive: true })
  await mkdir(temporary, { recursive: true })
  return {
    file: path.join(jdk.home, 'bin', 'java'),
    args: [
      ...jvmFlags,
      `-Djava.io.tmpdir=${temporary}`,
      ...['-cp', `${path.join(home, 'lib', '*')}:${path.join(home, 'launcher')}`],
      'ElasticsearchLauncher',
      home,
      configuration,
      ...nodeSettings(options).map(([name, value]) => `${name}=${value}`),
    ],
  }
}

function nodeSettings(options: ElasticsearchOptions): [string, string][] {
  return Object.entries({
    ...elasticsearchSettings.settings,
    'path.data': path.join(options.folder, 'data'),
    'path.logs': path.join(options.folder, 'logs'),
    'network.host': loopback,
    'http.port': String(options.port),
    // Nodes talk to each other on this port; a single one needs none in particular.
    'transport.port': '0',
    'http.type': 'netty4',
    'transport.type': 'netty4',
  })
}

function jarSet(jdk: Jdk): JarSet {
  return {
    name: 'elasticsearch',
    version: elasticsearchSettings.version,
    sources: ['elasticsearch.pom.xml', launcher],
    arrange: (jars, target, signal) => arrangeHome(jdk, jars, target, signal),
  }
}

/** The transport is a module, loaded by a class loader of its own; everything else is the server. */
async function arrangeHome(jdk: Jdk, jars: string, home: string, signal?: AbortSignal): Promise<void> {
  const module = path.join(home, 'modules', transport)
  const lib = path.join(home, 'lib')
  await mkdir(module, { recursive: true })
  await mkdir(path.join(home, 'plugins'))
  await mkdir(lib)
  for (const jar of await readdir(jars)) {
    const belongsToModule = jar.startsWith('netty-') || jar.startsWith(transport)
    await rename(path.join(jars, jar), path.join(belongsToModule ? module : lib, jar))
  }
  await writeFile(path.join(module, 'plugin-descriptor.properties'), renderProperties(moduleDescriptor))
  await compileLauncher(jdk, home, signal)
}

const moduleDescriptor = {
  name: transport,
  description: 'HTTP and transport over Netty',
  version: elasticsearchSettings.version,
  'elasticsearch.version': elasticsearchSettings.version,
  'java.version': String(minimumJavaVersion),
  classname: 'org.elasticsearch.transport.netty4.Netty4Plugin',
  'has.native.controller': 'false',
  licensed: 'false',
}

async function compileLauncher(jdk: Jdk, home: string, signal?: AbortSignal): Promise<void> {
  const folder = path.join(home, 'launcher')
  await mkdir(folder)
  await copyFile(path.join(javaFolder, launcher), path.join(folder, launcher))
  const javac = path.join(jdk.home, 'bin', 'javac')
  const args = ['--release', String(minimumJavaVersion), '-cp', path.join(home, 'lib', '*'), '-d', folder]
  const problem = 'The launcher of Elasticsearch could not be compiled.'
  await runCommand({ file: javac, args: [...args, path.join(folder, launcher)] }, problem, signal)
}

async function probeElasticsearch(address: string): Promise<void> {
  const answer = await fetch(`${address}/_cluster/health`, { signal: AbortSignal.timeout(5_000) })
  const health = (await answer.json()) as { status?: string }
  if (health.status !== 'green' && health.status !== 'yellow') throw new Error(`cluster is ${health.status}`)
}
