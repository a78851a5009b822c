/** The embedded endpoint as a program of its own, compiled here, so that single files can be exchanged for mutants. */
import { type ChildProcess, fork } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import path from 'node:path'
import { glob } from 'tinyglobby'
import { ts } from 'ts-morph'
import { mutantsOf, type Mutant } from './operators.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

export interface SourceFile {
  /** `reference/actions/tags.ts`. */
  readonly file: string
  /** The same below `dist`. */
  readonly compiled: string
  readonly js: string
  /** Line of the source, 1-based, for an offset into `js`. */
  lineOf(offset: number): number
}

/** All of `reference/` but its tests, compiled as the build compiles it. */
export async function compileReference(): Promise<readonly SourceFile[]> {
  const files = (await glob('reference/**/*.ts', { cwd: ROOT, ignore: '**/*.test.ts' })).sort()
  return files.map(file => {
    const { outputText, sourceMapText } = ts.transpileModule(readFileSync(path.join(ROOT, file), 'utf8'), {
      fileName: file,
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        rewriteRelativeImportExtensions: true,
        sourceMap: true,
      },
    })
    const map = new SourceMap(JSON.parse(sourceMapText!))
    const js = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
    return {
      file,
      compiled: file.replace(/\.ts$/, '.js'),
      js,
      lineOf(offset) {
        const before = js.slice(0, offset).split('\n')
        const entry = map.findEntry(before.length - 1, (before.at(-1) ?? '').length)
        return ('originalLine' in entry ? entry.originalLine : 0) + 1
      },
    }
  })
}

/** Every mutant of these files; the services beside the endpoint are no Lambda, and are left to their own tests. */
export function placesOf(files: readonly SourceFile[], only = 'reference/'): readonly Place[] {
  const isMeant = ({ file }: SourceFile): boolean =>
    file.startsWith(only) && (only !== 'reference/' || !file.startsWith('reference/services/'))
  return files.filter(isMeant).flatMap(file => mutantsOf(file.file, file.js).map((mutant): Place => ({ file, mutant })))
}

/** Says where it serves, and on request what was executed since it was asked last. */
const MAIN = `
import { Session } from 'node:inspector/promises'
const session = new Session()
session.connect()
if (process.argv[2] === 'coverage') {
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
}
// What modules do when they load counts as well.
const { startReference } = await import('./dist/reference/server.js')
const reference = await startReference({ transitionMs: 15 })
process.on('disconnect', () => process.exit(0))
process.on('message', async () => {
  const { result } = await session.post('Profiler.takePreciseCoverage')
  process.send({ executed: result
    .filter(one => one.url.includes('/dist/reference/'))
    .map(one => ({
      file: one.url.slice(one.url.indexOf('/dist/') + 6),
      ranges: one.functions.flatMap(fn => fn.ranges.map(r => [r.startOffset, r.endOffset, r.count])),
    }))
    .filter(one => one.ranges.some(range => range[2] > 0)) })
})
process.send({ url: reference.url })
`

export interface Executed {
  readonly file: string
  readonly ranges: readonly (readonly [start: number, end: number, count: number])[]
}

export interface Running {
  readonly url: string
  executed(): Promise<readonly Executed[]>
  stop(): Promise<void>
}

/** A fault and the file that it is in. */
export interface Place {
  readonly file: SourceFile
  readonly mutant: Mutant
}

export interface Program {
  /** With these faults at once, of which no two overlap. Undefined when it does not start: nobody would ship it. */
  start(places?: readonly Place[], coverage?: boolean): Promise<Running | undefined>
  remove(): void
}

const PROGRAMS = path.join(ROOT, 'node_modules/.cache/lambdacheck/mutation/programs')

/** A busy machine takes its time. */
const START_MS = 30_000

/** A folder with the built program, whose `reference/` is the one compiled here. */
export function layOut(files: readonly SourceFile[]): Program {
  mkdirSync(PROGRAMS, { recursive: true })
  const folder = mkdtempSync(path.join(PROGRAMS, 'program-'))
  const temporary = path.join(folder, 'tmp')
  mkdirSync(temporary)
  for (const part of ['base', 'spec', 'reference'])
    cpSync(path.join(ROOT, 'dist', part), path.join(folder, 'dist', part), { recursive: true })
  cpSync(path.join(ROOT, 'dist/spec.json.gz'), path.join(folder, 'dist/spec.json.gz'))
  // The pages as they are now: somebody may go on writing them meanwhile.
  cpSync(path.join(ROOT, 'spec'), path.join(folder, 'spec'), { recursive: true })
  for (const part of ['node_modules', 'package.json']) symlinkSync(path.join(ROOT, part), path.join(folder, part))
  mkdirSync(path.join(folder, 'reference'), { recursive: true })
  symlinkSync(path.join(ROOT, 'reference/runtimes'), path.join(folder, 'reference/runtimes'))
  const write = (file: SourceFile, js: string): void => writeFileSync(path.join(folder, 'dist', file.compiled), js)
  for (const file of files) write(file, file.js)
  writeFileSync(path.join(folder, 'main.mjs'), MAIN)
  return {
    async start(places = [], coverage = false) {
      const touched = new Set(places.map(one => one.file))
      for (const file of touched)
        write(
          file,
          mutated(
            file.js,
            places.filter(one => one.file === file).map(one => one.mutant),
          ),
        )
      const child = fork(path.join(folder, 'main.mjs'), coverage ? ['coverage'] : [], {
        stdio: 'ignore',
        execArgv: [],
        // What a mutant removes is to be its own.
        env: { ...process.env, TMPDIR: temporary },
      })
      const stop = async (): Promise<void> => {
        if (child.exitCode === null && child.signalCode === null) {
          const ended = new Promise(resolve => child.once('exit', resolve))
          child.kill('SIGKILL')
          await ended
        }
        for (const file of touched) write(file, file.js)
      }
      const url = await nextMessage<{ url: string }>(child, START_MS)
      if (url === undefined) {
        await stop()
        return undefined
      }
      return {
        url: url.url,
        async executed() {
          const answer = nextMessage<{ executed: readonly Executed[] }>(child, 30_000)
          child.send('executed')
          return (await answer)?.executed ?? []
        },
        stop,
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** From the end on, so that offsets hold. */
function mutated(text: string, mutants: readonly Mutant[]): string {
  return [...mutants]
    .sort((a, b) => b.start - a.start)
    .reduce((before, { start, end, replacement }) => before.slice(0, start) + replacement + before.slice(end), text)
}

function nextMessage<T>(child: ChildProcess, timeoutMs: number): Promise<T | undefined> {
  return new Promise(resolve => {
    const timer = setTimeout(() => done(undefined), timeoutMs)
    const done = (value: T | undefined): void => {
      clearTimeout(timer)
      child.off('message', hear)
      child.off('exit', gone)
      resolve(value)
    }
    const hear = (message: unknown): void => done(message as T)
    const gone = (): void => done(undefined)
    child.once('message', hear)
    child.once('exit', gone)
  })
}
