/** `lint --synth`: runs `cdk synth` in the apps of a project, for as long as it takes to read what they write. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Assembly } from '../analyzer/application/assembly.ts'
import { discover, projectPath } from '../analyzer/application/discover.ts'
import { isObject } from '../base/is-object.ts'
import { parseJson } from '../base/parse-json.ts'
import { closeGuard, endGroup, signalGroup, spawnGroup } from '../base/process-group.ts'
import { secretsOf } from '../base/redact.ts'
import { UsageError } from '../base/usage-error.ts'
import { createOutputTail } from '../suites/endpoint/output-tail.ts'

/** What is to be synthesized. */
export interface SynthRequest {
  readonly root: string
  /** Relative to the root: apps are looked for below. */
  readonly paths: readonly string[]
  /** Seconds that one app may take. */
  readonly timeout: number
  /** Ends what is being run. */
  readonly signal: AbortSignal
  /** Told of each command before it is run. */
  say(text: string): void
}

/** What the apps have written. */
export interface Synthesized {
  readonly assemblies: readonly Assembly[]
  /** Takes it away again. */
  remove(): void
}

/**
 * Runs the `cdk` of each app that `cdk.json` describes, one after the other. Nothing else is run.
 *
 * @throws UsageError where there is no app or no `cdk`, and where one fails, writes nothing or takes too long; the
 *   signal's reason when it is aborted
 */
export async function synthesize({ root, paths, timeout, signal, say }: SynthRequest): Promise<Synthesized> {
  const apps = appsBelow(root, paths).map(app => ({ ...app, cdk: programOf(app) }))
  const home = mkdtempSync(path.join(tmpdir(), 'lambdacheck-synth-'))
  const remove = (): void => rmSync(home, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    const assemblies: Assembly[] = []
    for (const [index, { file, folder, cdk }] of apps.entries()) {
      // The folder has the name that the CDK gives it.
      const absolute = path.join(home, String(index), 'cdk.out')
      mkdirSync(absolute, { recursive: true })
      say(`${file}: running ${path.relative(process.cwd(), cdk) || cdk} synth`)
      await runSynth({ file, folder, cdk, out: absolute, timeout, signal })
      if (!discover(absolute).templates.length)
        throw new UsageError(`${file}: cdk synth ended well and wrote no template`)
      assemblies.push({ folder: projectPath(root, path.join(folder, 'cdk.out')), absolute })
    }
    return {
      assemblies,
      remove() {
        process.off('exit', remove)
        remove()
      },
    }
  } catch (error) {
    process.off('exit', remove)
    remove()
    throw error
  }
}

interface App {
  /** Its `cdk.json`, as it is shown. */
  readonly file: string
  readonly folder: string
}

function appsBelow(root: string, paths: readonly string[]): readonly App[] {
  const found = discover(root, paths.length ? paths : ['.'])
    .templates.filter(one => path.posix.basename(one.path) === 'cdk.json')
    .map(one => ({ file: one.path, folder: path.dirname(one.absolute) }))
  if (!found.length) throw new UsageError('--synth found no app of the CDK: there is no cdk.json in what is linted')
  // A library of constructs has one that says nothing of how to run it.
  const apps = found.filter(({ folder }) => namesApp(path.join(folder, 'cdk.json')))
  if (apps.length) return apps
  throw new UsageError(`--synth found no app of the CDK: ${found.map(one => one.file).join(', ')} names no \`app\``)
}

function namesApp(file: string): boolean {
  const content = parseJson(readFileSync(file, 'utf8'))
  return isObject(content) && typeof content['app'] === 'string' && content['app'] !== ''
}

/** The `cdk` that the project has installed: nearest first, and none from outside of its repository. */
function programOf({ file, folder }: App): string {
  const name = process.platform === 'win32' ? 'cdk.cmd' : 'cdk'
  for (let here = folder; ; here = path.dirname(here)) {
    const program = path.join(here, 'node_modules', '.bin', name)
    if (existsSync(program)) return program
    if (existsSync(path.join(here, '.git')) || path.dirname(here) === here) break
  }
  throw new UsageError(`${file}: there is no node_modules/.bin/cdk to run`, {
    hint: 'install what the project asks for (`npm ci`), with `aws-cdk` among it; no other cdk is run',
  })
}

interface SynthRun extends App {
  readonly cdk: string
  readonly out: string
  readonly timeout: number
  readonly signal: AbortSignal
}

async function runSynth({ file, folder, cdk, out, timeout, signal }: SynthRun): Promise<void> {
  signal.throwIfAborted()
  const tail = createOutputTail([...secretsOf({ secretAccessKey: '' }, process.env), ...secretsByName(process.env)])
  const child = spawnGroup(
    process.platform === 'win32' ? `"${cdk}" synth --quiet --output "${out}"` : '"$2" synth --quiet --output "$3"',
    // What is newer than this version is no matter here, and asking for it takes a network.
    { cwd: folder, env: { ...process.env, CDK_DISABLE_VERSION_CHECK: '1' }, args: [cdk, out] },
  )
  child.stdout?.on('data', tail.write)
  child.stderr?.on('data', tail.write)
  let exit: { readonly how: string; readonly well: boolean } | undefined
  const onExit = (): void => signalGroup(child, 'SIGKILL')
  process.once('exit', onExit)
  const ended = new Promise<void>(resolve => {
    child.on('error', error => {
      exit ??= { how: `could not be started: ${error.message}`, well: false }
      resolve()
    })
    child.on('exit', (code, by) => {
      exit ??= { how: by === null ? `ended with exit code ${code}` : `was ended by ${by}`, well: code === 0 }
      closeGuard(child)
    })
    child.on('close', () => resolve())
  })
  const limit = AbortSignal.timeout(timeout * 1000)
  const stop = new Promise<void>(resolve => {
    for (const one of [limit, signal]) one.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([ended, stop])
  const inTime = exit
  await endGroup(child, () => exit !== undefined)
  process.off('exit', onExit)
  signal.throwIfAborted()
  if (inTime?.well) return
  const text = tail.text().trim()
  throw new UsageError(
    `${file}: cdk synth ${inTime?.how ?? `did not end within ${timeout} s (--synth-timeout)`}.` +
      (text === '' ? ' It wrote nothing.' : ` It wrote last:\n${text.replace(/^/gm, '  | ')}`),
  )
}

/** Values of the environment that are named as what nobody is to read. */
const secretsByName = (env: NodeJS.ProcessEnv): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) =>
    value && /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|PRIVATE_?KEY/i.test(name) ? [value] : [],
  )
