import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How the runtime process of an execution environment is started. */
export interface RuntimeCommand {
  readonly command: string
  readonly args: readonly string[]
  /** `LAMBDA_RUNTIME_DIR` */
  readonly runtimeDir: string
  /** Variables that this kind of runtime has beside those of every environment. */
  readonly env: { readonly [name: string]: string }
}

/** Folders of an execution environment: the function's code and, where `/opt` would be, its layers. */
export interface Folders {
  readonly taskRoot: string
  readonly opt: string
}

/** Why there is no command: nothing on this machine can run it, or the entry point of a custom runtime is missing or no executable. */
export type NoCommand = 'unavailable' | 'noBootstrap' | 'notExecutable'

/** The command for a runtime identifier. */
export function runtimeCommand(
  runtime: string,
  folders: Folders,
  handler: string,
  memorySize: number,
): RuntimeCommand | NoCommand {
  if (runtime.startsWith('nodejs')) return nodeCommand(folders, handler, memorySize)
  if (runtime.startsWith('python3')) return pythonCommand(folders)
  if (runtime.startsWith('provided')) return providedCommand(folders)
  return 'unavailable'
}

function nodeCommand({ opt, taskRoot }: Folders, handler: string, memorySize: number): RuntimeCommand {
  const runtimeDir = join(runtimesFolder(), 'nodejs')
  const major = process.versions.node.split('.')[0]
  const interfaceClient = officialNodeClient()
  return {
    command: process.execPath,
    // As on the real service, the heap ends a little before the function's memory does.
    args: [
      `--max-old-space-size=${Math.max(64, Math.floor(memorySize * 0.9))}`,
      ...(interfaceClient === undefined ? [join(runtimeDir, 'bootstrap.mjs')] : [interfaceClient, handler]),
    ],
    runtimeDir,
    env: {
      NODE_PATH: [
        `${opt}/nodejs/node${major}/node_modules`,
        `${opt}/nodejs/node_modules`,
        `${runtimeDir}/node_modules`,
        `${taskRoot}/node_modules`,
      ].join(delimiter),
    },
  }
}

/** AWS's own runtime interface client, where it is installed and its native part was built; our bootstrap speaks the same protocol. */
function officialNodeClient(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('aws-lambda-ric/package.json'))
    const bin = join(folder, 'bin', 'index.mjs')
    return existsSync(bin) && existsSync(join(folder, 'dist', 'rapid-client.node')) ? bin : undefined
  } catch {
    return undefined
  }
}

function pythonCommand({ opt, taskRoot }: Folders): RuntimeCommand | NoCommand {
  const python = findPython()
  if (python === undefined) return 'unavailable'
  const runtimeDir = join(runtimesFolder(), 'python')
  return {
    command: python,
    args: ['-u', join(runtimeDir, 'bootstrap.py')],
    runtimeDir,
    env: {
      PYTHONPATH: [taskRoot, `${opt}/python`, runtimeDir].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  }
}

function providedCommand({ opt, taskRoot }: Folders): RuntimeCommand | NoCommand {
  const command = [join(taskRoot, 'bootstrap'), join(opt, 'bootstrap')].find(existsSync)
  if (command === undefined) return 'noBootstrap'
  return isExecutable(command) ? { command, args: [], runtimeDir: '/var/runtime', env: {} } : 'notExecutable'
}

let cachedPython: { readonly path: string | undefined } | undefined

/** The interpreter itself: what is on the path may be the slow shim of a version manager. */
function findPython(): string | undefined {
  if (cachedPython === undefined) {
    const found = findExecutable('python3')
    const asked =
      found === undefined
        ? undefined
        : spawnSync(found, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8', timeout: 10_000 })
    cachedPython = { path: asked?.status === 0 ? asked.stdout.trim() || found : undefined }
  }
  return cachedPython.path
}

/** The first executable of this name on the path of the endpoint itself. */
function findExecutable(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

let cachedRuntimes: string | undefined

/** `reference/runtimes` of the package: beside these sources, and not compiled with them. */
function runtimesFolder(): string {
  if (cachedRuntimes !== undefined) return cachedRuntimes
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'reference', 'runtimes', 'nodejs', 'bootstrap.mjs'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('reference/runtimes is missing from the installation')
    folder = parent
  }
  cachedRuntimes = join(folder, 'reference', 'runtimes')
  return cachedRuntimes
}
