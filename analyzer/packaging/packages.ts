/** Which packages of npm get into a deployment package, and which of them come with the runtime. */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import { textOf } from '../../base/text-of.ts'
import { isBuiltin } from 'node:module'
import type { Application, LambdaFunction } from '../application/model.ts'
import type { CodeFile, ModuleImport } from '../application/code.ts'
import { locOf } from '../application/code.ts'
import { joinPath } from '../application/functions.ts'
import { ts } from '../application/typescript.ts'
import { collect } from '../application/walk.ts'

interface Manifest {
  /** Of the `package.json`, relative to the project. */
  readonly path: string
  readonly name: string | undefined
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
  /** Every package that it names, with the range. */
  readonly ranges: ReadonlyMap<string, string>
  readonly scripts: string
  readonly nodeRange: string | undefined
}

/** The `package.json` of a directory. */
function manifestIn(app: Application, directory: string): Manifest | undefined {
  const path = joinPath(directory, 'package.json')
  const text = app.files.read(path)
  if (text === undefined) return undefined
  const json = parseJson(text.replace(/^\uFEFF/, ''))
  if (!isObject(json)) return undefined
  const map = (key: string): Record<string, unknown> =>
    typeof json[key] === 'object' && json[key] !== null ? (json[key] as Record<string, unknown>) : {}
  const names = (...keys: readonly string[]): ReadonlySet<string> => new Set(keys.flatMap(key => Object.keys(map(key))))
  const range = map('engines')['node']
  return {
    path,
    name: typeof json['name'] === 'string' ? json['name'] : undefined,
    dependencies: names(
      'dependencies',
      'optionalDependencies',
      'peerDependencies',
      'bundledDependencies',
      'bundleDependencies',
    ),
    devDependencies: names('devDependencies'),
    ranges: new Map(
      ['devDependencies', 'dependencies', 'optionalDependencies'].flatMap(key =>
        Object.entries(map(key)).map(([name, value]) => [name, textOf(value)] as const),
      ),
    ),
    scripts: JSON.stringify(map('scripts')),
    nodeRange: typeof range === 'string' ? range : undefined,
  }
}

/** The nearest `package.json` at or above a directory. */
export function nearestManifest(app: Application, directory: string): Manifest | undefined {
  for (let current = directory; ; current = current.split('/').slice(0, -1).join('/')) {
    const found = manifestIn(app, current)
    if (found) return found
    if (current === '' || current.startsWith('..')) return undefined
  }
}

/** The name of the package of a specifier; undefined for files, parts of Node.js and what only a build understands. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./#~]/.test(specifier) || specifier.includes(':') || isBuiltin(specifier) || specifier.startsWith('@/'))
    return undefined
  const parts = specifier.split('/')
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
  return /^(@[\w.-]+\/)?[\w.-]+$/.test(name) ? name : undefined
}

/**
 * Whether the runtime brings a package along: the SDK v3 from nodejs18.x on, the SDK v2 before. Undefined when the
 * runtime is not known.
 */
export function runtimeBrings(runtime: string | undefined, name: string): boolean | undefined {
  const isThird = /^@(aws-sdk|smithy)\//.test(name)
  if (!isThird && name !== 'aws-sdk') return false
  const major = nodeMajor(runtime)
  return major === undefined ? undefined : major >= 18 === isThird
}

/** `22` of `nodejs22.x`. */
export function nodeMajor(runtime: string | undefined): number | undefined {
  const major = /^nodejs(\d+)\.(x|\d+)$/.exec(runtime ?? '')?.[1]
  return major === undefined ? undefined : Number(major)
}

const BUNDLERS =
  /esbuild|webpack|rollup|\bncc\b|tsup|vite|parcel|\bbun build|rspack|rolldown|\bsst\b|swc|microbundle|tsdown|unbuild/

/** How the modules that a function imports come into its package. */
export interface Modules {
  /** Of the directory that is packaged. */
  readonly manifest: Manifest | undefined
  /** Those of `dependencies` are installed, those of `devDependencies` are left out. */
  readonly installed: 'by-manifest' | 'nothing'
}

/**
 * How a function's package gets its modules, when that is sure: SAM installs what the manifest of the code's directory
 * names, the serverless framework leaves development dependencies out. Undefined where a bundler, a layer or a build of
 * one's own may have a part in it.
 */
export function modulesOf(fn: LambdaFunction, app: Application): Modules | undefined {
  const { directory, bundler } = fn.packaging
  const handler = fn.entry
  if (!handler || directory === undefined || bundler !== 'none' || !hasNoLayers(fn)) return undefined
  // A build writes what is packaged: it may write anything.
  const written = fn.handler.string()?.replace(/\.[^./]*$/, '')
  if (
    written === undefined ||
    !/\.[cm]?js$/.test(handler.file.path) ||
    handler.file.generated ||
    handler.file.path.replace(/\.[cm]?js$/, '') !== joinPath(directory, written)
  )
    return undefined
  const manifest = manifestIn(app, directory)
  const above = manifest ?? nearestManifest(app, directory)
  if (above && BUNDLERS.test(above.scripts)) return undefined
  if (fn.template.format === 'serverless')
    return manifest && leavesDevelopmentOut(fn, manifest) ? { manifest, installed: 'by-manifest' } : undefined
  if (fn.template.format !== 'sam') return undefined
  if (manifest) return { manifest, installed: 'by-manifest' }
  return app.files.isDirectory(joinPath(directory, 'node_modules'))
    ? undefined
    : { manifest: undefined, installed: 'nothing' }
}

/** Whether a function surely has no layers; false where that is not known. */
export const hasNoLayers = (fn: LambdaFunction): boolean =>
  fn.layers.isAbsent || (fn.layers.kind === 'list' && !fn.layers.open && fn.layers.items().length === 0)

/** The serverless framework before v4 (which bundles by itself), told to package as it does by default. */
function leavesDevelopmentOut(fn: LambdaFunction, manifest: Manifest): boolean {
  const { root } = fn.template
  const version =
    root.at('frameworkVersion').string() ??
    manifest.ranges.get('serverless') ??
    (manifest.ranges.has('osls') ? '3' : undefined)
  if (version === undefined || !/^[^\d]*[123](\.|$|\s)/.test(version)) return false
  return root.at('package', 'excludeDevDependencies').isAbsent && fn.resource.property('package', 'artifact').isAbsent
}

/** Whether an import may fail and the code goes on: it stands in a `try`, or is made when needed. */
export function isOptional(one: ModuleImport, file: CodeFile): boolean {
  if (one.kind === 'import' || one.kind === 'export') return false
  const isAround = (node: ts.Node): boolean => one.loc.start >= node.getFullStart() && one.loc.end <= node.getEnd()
  const found = collect(
    file.ast,
    node => isAround(node) && (ts.isTryStatement(node) || ts.isConditionalExpression(node) || ts.isIfStatement(node)),
    isAround,
  ).at(-1)
  return found !== undefined && locOf(file, found).start <= one.loc.start
}
