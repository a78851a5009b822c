/** Which modules of Python get into a deployment package, and which of them come with the runtime. */
import type { Application, LambdaFunction } from '../application/model.ts'
import { joinPath } from '../application/functions.ts'
import type { PythonFile, PythonImport } from '../application/python.ts'
import type { Loc } from '../application/source.ts'
import { loadKnowledge } from '../data/pages.ts'
import { ancestors, collect } from '../python/syntax.ts'

/** A module that is imported and that nothing brings along. */
export interface MissingModule {
  readonly name: string
  readonly at: Loc
  readonly why: string
}

/**
 * The modules that surely are not there: SAM installs the `requirements.txt` of the folder of the code, and there is
 * none, or it names nothing. What it names may bring others along: then nothing is told.
 */
export function missingModules(fn: LambdaFunction, app: Application): readonly MissingModule[] {
  const handler = app.python.handlerOf(fn)
  const folder = installsNothing(fn, app)
  if (!handler || folder === undefined) return []
  const found = new Map<string, MissingModule>()
  for (const file of handler.files)
    for (const one of file.imports) {
      const [name = ''] = one.module.split('.')
      if (name === '' || found.has(name) || bringsItself().has(name)) continue
      if (isInProject(name, folder, file, app) || isGuarded(one, file)) continue
      found.set(name, { name, at: one.loc, why: whyNothing(folder, app) })
    }
  return [...found.values()]
}

/** The folder of a function from which SAM installs nothing; undefined where that is not sure. */
function installsNothing(fn: LambdaFunction, app: Application): string | undefined {
  const folder = fn.packaging.directory
  if (folder === undefined || fn.resource.type !== 'AWS::Serverless::Function' || !fn.layers.isAbsent) return undefined
  if (!/^python/.test(fn.runtime.string() ?? '') || fn.packageType === 'Image') return undefined
  // A build of one's own may do anything, and other manifests are exported by it.
  if (!fn.resource.metadata.isAbsent) return undefined
  const has = (name: string): boolean => app.files.isFile(joinPath(folder, name))
  if (['pyproject.toml', 'Pipfile', 'setup.py', 'setup.cfg', 'poetry.lock', 'uv.lock', 'Makefile'].some(has))
    return undefined
  const requirements = app.files.read(joinPath(folder, 'requirements.txt')) ?? ''
  return requirements.split('\n').some(line => /^\s*[^#\s]/.test(line)) ? undefined : folder
}

function whyNothing(folder: string, app: Application): string {
  const path = joinPath(folder, 'requirements.txt')
  if (app.files.isFile(path)) return `${path} names nothing`
  return `there is no ${path}, and SAM installs what that names`
}

let own: ReadonlySet<string> | undefined

/** The modules of Python itself and those that Lambda's runtimes bring: the lists of the rule's page. */
const bringsItself = (): ReadonlySet<string> =>
  (own ??= new Set(
    [
      ...(loadKnowledge().rules['import-not-packaged']?.markdown ?? '').matchAll(/^```text\n([\s\S]*?)\n```$/gm),
    ].flatMap(([, names = '']) => names.split(/\s+/)),
  ))

/** Whether a module may be one of the project, wherever a build takes it from. */
function isInProject(name: string, folder: string, file: PythonFile, app: Application): boolean {
  const beside = file.path.split('/').slice(0, -1).join('/')
  const folders = new Set([folder, beside, '', 'src', 'lib', 'layer/python', 'layers', 'python', 'shared', 'common'])
  for (const one of [...folders, joinPath(folder, '..')]) {
    if (app.files.isFile(joinPath(one, `${name}.py`)) || app.files.isDirectory(joinPath(one, name))) return true
    if (app.files.list(one).some(entry => new RegExp(`^${name}\\..*\\.(so|pyd)$`).test(entry.name))) return true
  }
  return app.python.handlers().some(handler => handler.files.some(other => modulesOfPath(other.path).has(name)))
}

const modulesOfPath = (path: string): ReadonlySet<string> => new Set(path.replace(/\.py$/, '').split('/'))

/** Whether the module may be lacking: in a `try`, for a type checker alone, or behind any other condition. */
const isGuarded = ({ loc }: PythonImport, file: PythonFile): boolean =>
  collect(
    file.root,
    node =>
      /^import_(from_)?statement$/.test(node.type) &&
      node.loc.start <= loc.start &&
      loc.end <= node.loc.end &&
      [...ancestors(node)].some(above => /^(try_statement|if_statement)$/.test(above.type)),
  ).length > 0
