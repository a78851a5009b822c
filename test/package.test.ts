/** What is published: the files of the package, and whether its exports resolve for those who import it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { globSync } from 'tinyglobby'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt } from './cli/built.ts'
import { ROOT } from './cli/run-cli.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-pack-'))
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))

let files: readonly string[] = []
let tarball = new Uint8Array()

beforeAll(async () => {
  await ensureBuilt()
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const { stdout } = await promisify(execFile)('npm', pack, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  files = packed.files.map(file => file.path)
  tarball = readFileSync(path.join(folder, packed.filename))
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  test('brings neither tests nor sources nor what only tests need', () => {
    const ours =
      /\.test\.|(^|\/)(fixtures?\/.*\.(yaml|json|txt)|testing|scripts|endpoints|test)\/|(?<!\.d)\.ts$|tsbuildinfo/
    expect(files.filter(file => ours.test(file))).toEqual([])
    const hidden = files.filter(file => file.split('/').some(part => part.startsWith('.')))
    expect(hidden).toEqual([])
  })

  test('brings every module that its modules import', () => {
    const there = new Set(files)
    const missing = files
      .filter(file => /^dist\/.*\.js$/.test(file))
      .flatMap(file =>
        [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^'$]+\.js)'/g)]
          .map(([, to = '']) => path.posix.join(path.posix.dirname(file), to))
          .filter(to => !there.has(to))
          .map(to => `${file} → ${to}`),
      )
    expect(missing).toEqual([])
  })

  test('brings whatever its code reads while it runs', () => {
    const wanted = [
      'LICENSE',
      'NOTICE',
      'README.md',
      'CHANGELOG.md',
      'bin/lambdacheck.js',
      'bin/compiler.js',
      'dist/cli/main.js',
      'dist/bundle/main.js',
      'dist/spec.json.gz',
      'dist/cases.json.gz',
      'spec/README.md',
      'spec/api/Invoke.md',
      'spec/ledger/core.yaml',
      'reports/evidence.schema.json',
      'reports/render/html/report.css',
      'reports/render/html/report.js',
      'suites/probes/nodejs/index.js',
      'suites/probes/python/lambda_function.py',
      'suites/probes/provided/bootstrap',
      'reference/runtimes/nodejs/bootstrap.mjs',
      'analyzer/data/iam.json',
    ]
    expect(wanted.filter(file => !files.includes(file))).toEqual([])
  })

  test('stays small', () => {
    // 2 MB of it are the static probe, built for both architectures: nobody who certifies needs a compiler. 0.35 MB are
    // what the linter loads, once more, as few files.
    expect(tarball.byteLength).toBeLessThan(5.25 * 1024 * 1024)
  })

  test('is installed, with all that it depends on, in less than 45 MB of disk', () => {
    const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: { [folder: string]: { dev?: true; peer?: true; optional?: true; devOptional?: true } }
    }
    const installed = Object.entries(packages).flatMap(([folder, { dev, peer, optional, devOptional }]) =>
      folder === '' || dev || peer || optional || devOptional ? [] : [folder],
    )
    expect(installed).toContain('node_modules/ts-morph')
    const others = installed.flatMap(folder =>
      globSync('**', { cwd: path.join(ROOT, folder), absolute: true, dot: true, ignore: ['node_modules/**'] }),
    )
    const kilobytes = [...files.map(file => path.join(ROOT, file)), ...others]
      // As `du` counts: in blocks of 4 KiB.
      .map(file => Math.ceil(statSync(file).size / 4096) * 4)
      .reduce((sum, one) => sum + one, 0)
    expect(kilobytes).toBeGreaterThan(20_000)
    expect(kilobytes).toBeLessThan(45_000)
  })

  test('has exports that publint has nothing against', async () => {
    const { messages } = await publint({ pack: { tarball: tarball.buffer as ArrayBuffer } })
    expect(messages.map(message => formatMessage(message, manifest))).toEqual([])
  })

  test('has types that resolve for whoever imports it as a module', async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball))
    if (!result.types) throw new Error('the package has no types')
    // It is ESM alone: older resolution, and `require` from CommonJS, are not promised.
    const problems = result.problems.filter(
      problem =>
        !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)) &&
        problem.kind !== 'CJSResolvesToESM',
    )
    expect(problems).toEqual([])
    expect(Object.keys(result.entrypoints).sort()).toEqual(Object.keys(manifest.exports).sort())
  })
})
