import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import fc from 'fast-check'
import { eventKinds } from '../../suites/events/index.ts'
import { arbitraryOfKind } from '../../suites/events/arbitrary.ts'
import { didYouMean } from '../../base/suggest.ts'
import { exportProbes, type ExportedFile, type ExportFormat } from '../../suites/probes/export.ts'
import { exportStaticProbe } from '../../suites/probes/export-static.ts'
import { FLAVOURS, type Flavour } from '../../suites/probes/flavours.ts'
import { ARCHITECTURES, type Architecture } from '../../suites/probes/static.ts'

const FORMATS: readonly ExportFormat[] = ['serverless', 'sam', 'zip']

interface ExportOptions {
  readonly out: string
  readonly format?: ExportFormat
  readonly flavour: Flavour | 'static'
  readonly architecture: Architecture
  readonly runtime?: string
  readonly force: boolean
}

function exported({ flavour, runtime, format, architecture }: ExportOptions): readonly ExportedFile[] {
  if (flavour === 'static') return exportStaticProbe(architecture)
  return exportProbes(flavour, runtime ?? FLAVOURS[flavour].runtimes[1], format === undefined ? FORMATS : [format])
}

/** Adds `lambdacheck probes`: the functions that the suites invoke, and the events that they may get. */
export function registerProbes(program: Command): void {
  const probes = program
    .command('probes')
    .description('write the functions that the suites invoke, and events for them')
  registerEvents(probes)
  registerExport(probes)
}

/** A whole number from 1 to 10,000. */
function countOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new InvalidArgumentError('it is a whole number from 1 to 10000.')
  return count
}

function seedOf(text: string): number {
  const seed = Number(text)
  if (text.trim() === '' || !Number.isInteger(seed) || Math.abs(seed) > 2 ** 31)
    throw new InvalidArgumentError('it is a whole number.')
  return seed
}

/** Adds `lambdacheck probes events`: events as services send them, one a line. */
function registerEvents(probes: Command): void {
  probes
    .command('events')
    .description('print events as services send them, one JSON text a line; without a kind, the kinds that there are')
    .argument('[kind]', 'what kind of event, such as sqs or s3')
    .option('--count <number>', 'how many', countOf, 1)
    .option('--seed <number>', 'the same seed gives the same events', seedOf, 1)
    .action((kind: string | undefined, { count, seed }: { readonly count: number; readonly seed: number }) => {
      const kinds = eventKinds()
      if (kind === undefined) {
        process.stdout.write(`${kinds.join('\n')}\n`)
        return
      }
      if (!kinds.includes(kind))
        probes.error(
          `error: there is no kind of event ${JSON.stringify(kind)}${didYouMean(kind, kinds)}; ` +
            `there are ${kinds.join(', ')}`,
          { exitCode: 2 },
        )
      const events = fc.sample(arbitraryOfKind<object>(kind), { numRuns: count, seed })
      process.stdout.write(events.map(event => `${JSON.stringify(event)}\n`).join(''))
    })
}

/** Adds `lambdacheck probes export`: the probe, ready to be deployed where an endpoint cannot create functions. */
function registerExport(probes: Command): void {
  probes
    .command('export')
    .description('write the probe ready to deploy, with the part of an endpoint file that names it')
    .option('--out <dir>', 'folder to write to', 'lambdacheck-probes')
    .addOption(new Option('--format <format>', 'what to deploy with; all of them when not given').choices(FORMATS))
    .addOption(
      new Option('--flavour <flavour>', 'language of the probe')
        .choices([...Object.keys(FLAVOURS), 'static'])
        .default('nodejs'),
    )
    .option(
      '--runtime <runtime>',
      'runtime in the templates, such as nodejs14.x; the newest that suits the flavour when not given',
    )
    .addOption(
      new Option('--architecture <architecture>', 'of the machine, for the flavour static')
        .choices(Object.keys(ARCHITECTURES))
        .default('x86_64'),
    )
    .option('--force', 'overwrite files that differ', false)
    .action(async (options: ExportOptions) => {
      const files = exported(options)
      try {
        const changed = options.force ? [] : await differing(options.out, files)
        if (changed.length > 0) {
          probes.error(
            `error: ${changed.map(one => join(options.out, one)).join(', ')} would be overwritten; ` +
              'choose another folder with --out, or use --force',
            { exitCode: 2 },
          )
        }
        for (const file of files) await write(options.out, file)
      } catch (error) {
        const { code, path } = error as NodeJS.ErrnoException
        if (code === undefined || path === undefined) throw error
        probes.error(`error: cannot write ${path} (${code}); choose another folder with --out`, { exitCode: 2 })
      }
      process.stdout.write(`${files.map(file => join(options.out, file.path)).join('\n')}\n`)
    })
}

/** Files that are there already and say something else. */
async function differing(out: string, files: readonly ExportedFile[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const file of files) {
    const there = await readFile(join(out, file.path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
      throw error
    })
    if (there !== null && !there.equals(Buffer.from(file.content as Uint8Array))) found.push(file.path)
  }
  return found
}

async function write(out: string, file: ExportedFile): Promise<void> {
  const path = join(out, file.path)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, file.content)
  if (file.executable) await chmod(path, 0o755)
}
