/** The flavours of the probe, and the deployment package of each. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeZip } from '../../base/write-zip.ts'
import type { ProbeFlavour } from '../case.ts'

/** A language in which the probe is written. */
export type Flavour = 'nodejs' | 'python' | 'provided'

/** A file of a probe's deployment package. */
export interface FlavourFile {
  /** Where it lies in the package. */
  readonly name: string
  /** Where it lies under `suites/probes/`. */
  readonly source: string
  readonly executable: boolean
}

interface FlavourDef {
  readonly handler: string
  /** A runtime of the guide's edition, and one that AWS takes for new functions today. */
  readonly runtimes: readonly [string, string]
  readonly files: readonly FlavourFile[]
}

const file = (source: string, executable = false): FlavourFile => ({
  name: source.slice(source.indexOf('/') + 1),
  source,
  executable,
})

/** The probes by their language: runtime, handler and files. */
export const FLAVOURS: { readonly [flavour in Flavour]: FlavourDef } = {
  nodejs: {
    handler: 'index.handler',
    runtimes: ['nodejs14.x', 'nodejs22.x'],
    files: [file('nodejs/index.js'), file('nodejs/journal.js')],
  },
  python: {
    handler: 'lambda_function.lambda_handler',
    runtimes: ['python3.9', 'python3.13'],
    files: [file('python/lambda_function.py'), file('python/journal.py')],
  },
  provided: {
    handler: 'bootstrap',
    runtimes: ['provided.al2', 'provided.al2023'],
    files: [
      file('provided/bootstrap', true),
      file('provided/loop.js'),
      file('provided/loop.py'),
      file('nodejs/index.js'),
      file('nodejs/journal.js'),
      file('python/lambda_function.py'),
      file('python/journal.py'),
    ],
  },
}

/** The text of a source of the probe. */
export function probeSource(one: FlavourFile): string {
  return readFileSync(join(probesFolder(), one.source), 'utf8')
}

const built = new Map<Flavour, Uint8Array>()

/** The deployment package, always the same bytes for the same sources; `bootstrap` may be executed. */
export function buildProbeZip(flavour: Flavour): Uint8Array {
  const known = built.get(flavour)
  if (known !== undefined) return known
  const zip = writeZip(
    FLAVOURS[flavour].files.map(one => ({
      name: one.name,
      content: new TextEncoder().encode(probeSource(one)),
      executable: one.executable,
    })),
  )
  built.set(flavour, zip)
  return zip
}

/** The probe in a language as an endpoint takes it. `runs`: that was seen. */
export function probeFlavour(flavour: Flavour, runtime: string, runs: boolean): ProbeFlavour {
  const zipFile = Buffer.from(buildProbeZip(flavour)).toString('base64')
  return { runtime, handler: FLAVOURS[flavour].handler, zipFile, runs }
}

/** `suites/probes/` of the package, whether this module runs from its sources or from `dist/`. */
export function probesFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const probes = join(folder, 'suites', 'probes')
    if (existsSync(join(folder, 'package.json')) && existsSync(join(probes, 'nodejs', 'index.js'))) return probes
    if (folder === dirname(folder))
      throw new Error('the sources of the probe are not there: the installation of lambdacheck is damaged')
  }
}
