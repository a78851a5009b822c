import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileSystems } from './file-systems.ts'

/** How the runtime process of an execution environment is started. */
export interface RuntimeCommand {
  readonly command: string
  readonly args: readonly string[]
  /** `LAMBDA_RUNTIME_DIR`, as the function sees it. */
  readonly runtimeDir: string
  /** The same on this machine. */
  readonly machineRuntimeDir: string
  /** Variables that this kind of runtime has beside those of every environment. */
  readonly env: { readonly [name: string]: string }
}

/** Folders of an execution environment: the function's code and its layers. */
export interface Folders {
  readonly taskRoot: string
  readonly opt: string
}

/** Where a function runs. Without a file system of its own it sees the folders where they are. */
export interface Place {
  /** As this machine has them. */
  readonly folders: Folders
  readonly fileSystems: FileSystems | undefined
}

/** The folders as the function sees them. */
export function foldersSeen({ folders, fileSystems }: Place): Folders {
  return fileSystems ? { taskRoot: '/var/task', opt: '/opt' } : folders
}

/** The interpreters of this machine that functions may need. */
export function interpreters(): readonly string[] {
  return [process.execPath, findPython()].flatMap(path => (path === undefined ? [] : [realpathSync(path)]))
}

/**
 * Why there is no command: nothing on this machine can run it, or the entry point of a custom runtime is missing or no
 * executable.
 */
export type NoCommand = 'unavailable' | 'noBootstrap' | 'notExecutable'

/** The command for a runtime identifier. */
export function runtimeCommand(
  runtime: string,
  place: Place,
  handler: string,
  memorySize: number,
): RuntimeCommand | NoCommand {
  if (runtime.startsWith('nodejs')) return nodeCommand(place, handler, memorySize)
  if (runtime.startsWith('python3')) return pythonCommand(place)
  if (runtime.startsWith('provided')) return providedCommand(place)
  return 'unavailable'
}

/** A folder of `runtimes/`, on this machine and as the function sees it. */
function runtimeDirs({ fileSystems }: Place, language: string): { runtimeDir: string; machineRuntimeDir: string } {
  const machineRuntimeDir = join(runtimesFolder(), language)
  return { machineRuntimeDir, runtimeDir: fileSystems ? '/var/runtime' : machineRuntimeDir }
}

/** A program of this machine as the function sees it. */
function programSeen({ fileSystems }: Place, path: string): string | undefined {
  return fileSystems ? fileSystems.program(realpathSync(path)) : path
}

function nodeCommand(place: Place, handler: string, memorySize: number): RuntimeCommand | NoCommand {
  const { opt, taskRoot } = foldersSeen(place)
  const { runtimeDir, machineRuntimeDir } = runtimeDirs(place, 'nodejs')
  const major = process.versions.node.split('.')[0]
  const client = officialNodeClient()
  const interfaceClient = client === undefined ? undefined : programSeen(place, client)
  const command = programSeen(place, process.execPath)
  if (command === undefined) return 'unavailable'
  return {
    command,
    // As on the real service, the heap ends a little before the function's memory does.
    args: [
      `--max-old-space-size=${Math.max(64, Math.floor(memorySize * 0.9))}`,
      ...(interfaceClient === undefined ? [join(runtimeDir, 'bootstrap.mjs')] : [interfaceClient, handler]),
    ],
    runtimeDir,
    machineRuntimeDir,
    env: {
      NODE_PATH: [
        `${opt}/nodejs/node${major}/node_modules`,
        `${opt}/nodejs/node_modules`,
        `${runtimeDir}/node_modules`,
        runtimeDir,
        taskRoot,
      ].join(delimiter),
    },
  }
}

/**
 * AWS's own runtime interface client, where it is installed and its native part was built; our bootstrap speaks the
 * same protocol.
 */
function officialNodeClient(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('aws-lambda-ric/package.json'))
    const bin = join(folder, 'bin', 'index.mjs')
    return existsSync(bin) && existsSync(join(folder, 'dist', 'rapid-client.node')) ? bin : undefined
  } catch {
    return undefined
  }
}

function pythonCommand(place: Place): RuntimeCommand | NoCommand {
  const python = findPython()
  const command = python === undefined ? undefined : programSeen(place, python)
  if (command === undefined) return 'unavailable'
  const dirs = runtimeDirs(place, 'python')
  return {
    command,
    args: ['-u', join(dirs.runtimeDir, 'bootstrap.py')],
    ...dirs,
    env: {
      PYTHONPATH: dirs.runtimeDir,
      PYTHONDONTWRITEBYTECODE: '1',
      LAMBDACHECK_OPT: foldersSeen(place).opt,
    },
  }
}

function providedCommand(place: Place): RuntimeCommand | NoCommand {
  const { folders, fileSystems } = place
  const seen = foldersSeen(place)
  const folder = (['taskRoot', 'opt'] as const).find(one => existsSync(join(folders[one], 'bootstrap')))
  if (folder === undefined) return 'noBootstrap'
  if (!isExecutable(join(folders[folder], 'bootstrap'))) return 'notExecutable'
  // There is nothing of ours in `/var/runtime`: a custom runtime brings itself.
  return {
    command: join(seen[folder], 'bootstrap'),
    args: [],
    runtimeDir: '/var/runtime',
    machineRuntimeDir: fileSystems ? join(runtimesFolder(), 'provided') : '/var/runtime',
    env: {},
  }
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
