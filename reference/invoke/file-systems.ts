import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { orphanGuard } from './orphan-guard.ts'
import { present } from '../../base/present.ts'

/**
 * Gives every execution environment the folders that the guide names, whatever this machine has there: `/var/task`,
 * `/opt` and `/var/runtime` to read, and a `/tmp` of its own. Only Linux has a means for it, and only where this
 * process may make mount namespaces.
 */
export interface FileSystems {
  /** Rejects when it cannot be made. */
  readonly open: (folders: MachineFolders) => Promise<FileSystem>
  /** Where a program of this machine is found inside; undefined when it is not there. */
  readonly program: (path: string) => string | undefined
  readonly close: () => void
}

/** What the processes of one execution environment see. It lasts until it is closed, so that `/tmp` outlives them. */
export interface FileSystem {
  /** The words that run a command inside, in `/var/task`. */
  readonly enter: (command: readonly string[]) => readonly string[]
  readonly close: () => void
}

/** Folders of this machine, and what they are inside. */
export interface MachineFolders {
  /** `/var/task` */
  readonly taskRoot: string
  /** `/opt` */
  readonly opt: string
  /** `/var/runtime` */
  readonly runtimeDir: string
}

/** Holds what programs need that lie where an environment has folders of its own. */
const languageDir = '/var/lang'
/** What the folders of an environment hide of this machine. */
const hidden = ['/tmp', '/opt', '/var/task', '/var/runtime', languageDir]
const isHidden = (path: string): boolean => hidden.some(folder => path.startsWith(`${folder}/`))

/** Nothing that a function needs; some of it cannot be mounted again. */
const leftOut = new Set(['lost+found', 'boot', 'opt', 'tmp', 'var'])
const leftOutOfVar = new Set(['task', 'runtime', 'lang', 'tmp'])

const NAMESPACES = [
  { make: ['--mount'], join: ['--mount'] },
  { make: ['--user', '--map-root-user', '--mount'], join: ['--user', '--preserve-credentials', '--mount'] },
] as const

/** Open files, and processes with their threads, that an environment may have. */
const limits = ['prlimit', '--nofile=1024:1024', '--nproc=1024:1024']

let namespacesFound: { readonly which: (typeof NAMESPACES)[number] | undefined } | undefined

/** What the machine allows does not change while the process lives. */
function findNamespaces(): (typeof NAMESPACES)[number] | undefined {
  namespacesFound ??= {
    which: NAMESPACES.find(({ make }) => succeeds(['unshare', ...make, 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp'])),
  }
  return namespacesFound.which
}

/** Whether this machine has a means to give functions the folders of the guide. */
export const hasFileSystems = (): boolean => process.platform === 'linux' && findNamespaces() !== undefined

/**
 * `folder` is the endpoint's own. `programs` are the interpreters that must be there inside. Undefined where there is
 * no means.
 */
export async function prepareFileSystems(
  folder: string,
  programs: readonly string[],
): Promise<FileSystems | undefined> {
  if (process.platform !== 'linux') return undefined
  const namespaces = findNamespaces()
  if (namespaces === undefined) return undefined
  const { make, join: joining } = namespaces
  // A program brings along what is beside its own folder, such as the library of Python.
  const prefixes = [...new Set(programs.filter(isHidden).map(program => dirname(dirname(program))))]
  const own = join(folder, 'file-system')
  const root = join(own, 'root')
  mkdirSync(root, { recursive: true })
  writeFileSync(join(own, 'machine.fstab'), machineTable(root, prefixes))
  writeFileSync(join(own, 'make.sh'), script(root, prefixes))
  // What all environments have in common is mounted once, and copied with its namespace.
  const common = await hold(['unshare', ...make, 'sh', join(own, 'make.sh')]).catch(() => undefined)
  if (common === undefined) return undefined
  const inCommon = ['nsenter', `--target=${common.pid}`, ...joining, 'unshare', '--mount']
  let opened = 0

  async function open(folders: MachineFolders): Promise<FileSystem> {
    const table = join(own, `environment-${++opened}.fstab`)
    writeFileSync(table, environmentTable(root, folders))
    const enter = 'mount -a -T "$1" || exit 125; root=$2; shift 2; exec unshare --root="$root" --wd=/var/task "$@"'
    const holder = await hold([...inCommon, 'sh', '-c', enter, 'enter', table, root]).finally(() => rmSync(table))
    return {
      enter: command => [
        'nsenter',
        `--target=${holder.pid}`,
        ...joining,
        '--root',
        '--wd',
        ...limits,
        ...orphanGuard(),
        ...command,
      ],
      close: () => void holder.kill('SIGKILL'),
    }
  }

  // What cannot run a program here cannot run one there.
  const trial = await open({ taskRoot: own, opt: own, runtimeDir: own }).catch(() => undefined)
  const works = trial !== undefined && succeeds(trial.enter(['test', '-f', '/var/task/make.sh']))
  trial?.close()
  const close = (): void => void common.kill('SIGKILL')
  if (!works) {
    close()
    return undefined
  }
  return {
    open,
    close,
    program(path) {
      if (!isHidden(path)) return path
      const at = prefixes.findIndex(prefix => path.startsWith(`${prefix}/`))
      return at < 0
        ? undefined
        : join(languageDir, String(at), relative(present(prefixes[at], 'an element of prefixes'), path))
    },
  }
}

/** A process that keeps a namespace. Rejects when `enter`, which makes it, ends before. */
async function hold(enter: readonly string[]): Promise<ChildProcess> {
  const [head = '', ...words] = [...enter, ...orphanGuard(), 'sh', '-c', 'echo ready; exec sleep infinity']
  const holder = spawn(head, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', resolve)
    holder.once('error', reject)
    holder.once('exit', () => reject(new Error('the folders of an execution environment could not be mounted')))
  })
  holder.stdout.destroy()
  // Who forgets to close the endpoint may end all the same.
  holder.unref()
  return holder
}

function succeeds([head = '', ...args]: readonly string[]): boolean {
  return spawnSync(head, args, { stdio: 'ignore', timeout: 10_000 }).status === 0
}

/** Every folder of this machine but those that the environment has of its own. */
function machineTable(root: string, prefixes: readonly string[]): string {
  const lines = [
    ...namesIn('/', leftOut).folders.map(name => bind(`/${name}`, `${root}/${name}`)),
    ...namesIn('/var', leftOutOfVar).folders.map(name => bind(`/var/${name}`, `${root}/var/${name}`)),
    ...prefixes.map((prefix, at) => bind(prefix, `${root}${languageDir}/${at}`)),
  ]
  return `${lines.join('\n')}\n`
}

/** What an environment has of its own. */
function environmentTable(root: string, { taskRoot, opt, runtimeDir }: MachineFolders): string {
  const readOnly = (from: string, to: string): string => bind(from, `${root}/${to}`, 'bind,ro')
  const tmp = `tmpfs ${escaped(`${root}/tmp`)} tmpfs mode=1777,size=512m 0 0`
  return [readOnly(taskRoot, 'var/task'), readOnly(opt, 'opt'), readOnly(runtimeDir, 'var/runtime'), tmp, ''].join('\n')
}

function bind(from: string, to: string, how = 'rbind'): string {
  return `${escaped(from)} ${escaped(to)} none ${how} 0 0`
}

/** As tables of file systems write blanks. */
function escaped(path: string): string {
  return path.replace(/[\\ \t\n]/g, one => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

function script(root: string, prefixes: readonly string[]): string {
  const at = quoted(root)
  const [top, below] = [namesIn('/', leftOut), namesIn('/var', leftOutOfVar)]
  const folders = [
    ...top.folders,
    'opt',
    'tmp',
    ...below.folders.map(name => `var/${name}`),
    'var/task',
    'var/runtime',
    ...prefixes.map((_, at) => `${languageDir.slice(1)}/${at}`),
  ]
  const links = [...top.links, ...below.links.map(([name, target]) => [`var/${name}`, target] as const)]
  return [
    `mount -t tmpfs -o mode=755,size=1m tmpfs ${at} || exit 125`,
    `cd ${at} && mkdir -p ${folders.map(quoted).join(' ')} || exit 125`,
    ...links.map(([name, target]) => `ln -s ${quoted(target)} ${quoted(name)}`),
    // What cannot be mounted again is missing inside, and that is all.
    `mount -a -T ${quoted(join(dirname(root), 'machine.fstab'))} 2>/dev/null`,
    `mount -o remount,bind,ro ${at} || exit 125`,
    'exec "$@"',
    '',
  ].join('\n')
}

function namesIn(
  folder: string,
  without: ReadonlySet<string>,
): { readonly folders: readonly string[]; readonly links: readonly (readonly [string, string])[] } {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(entry => !without.has(entry.name))
  return {
    folders: entries.filter(entry => entry.isDirectory()).map(entry => entry.name),
    links: entries
      .filter(entry => entry.isSymbolicLink())
      .map(entry => [entry.name, resolve(folder, readlinkSync(join(folder, entry.name)))] as const),
  }
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`
}
