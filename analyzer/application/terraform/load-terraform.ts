/** The Terraform of a project: every directory that is a root module becomes a template. */
import { posix } from 'node:path'
import type { FindHandler } from '../functions.ts'
import type { Resource, Template } from '../model.ts'
import type { ReadProblem } from '../raw.ts'
import { readJson } from '../read-json.ts'
import type { SourceText } from '../source.ts'
import { assemble } from './assemble.ts'
import { readJsonBody, readJsonModule } from './json-syntax.ts'
import { rootModule } from './module.ts'
import type { ModuleFile } from './module.ts'
import { readHcl } from './syntax.ts'
import type { Body } from './syntax.ts'

const NOTHING: Body = { attributes: [], blocks: [] }

/** Whether a file belongs to a module of Terraform (or OpenTofu), by its name. */
export const isTerraformFile = (path: string): boolean =>
  /\.(?:tf|tofu)(?:\.json)?$/.test(path) || isVariablesFile(path)

/** Only those that Terraform takes by itself; others are named on its command line. */
const isVariablesFile = (path: string): boolean =>
  /(?:^|\/)(?:terraform\.tfvars|[^/]*\.auto\.tfvars)(?:\.json)?$/.test(path)

/** Reads one file. What cannot be read is among the problems, the rest is there. */
export function readTerraformFile(source: SourceText): {
  readonly file: ModuleFile
  readonly problems: readonly ReadProblem[]
} {
  const isVariables = isVariablesFile(source.path)
  if (!/\.json$/.test(source.path)) {
    const { body, problems } = readHcl(source.text)
    return { file: { source, body, isVariables }, problems }
  }
  const { raw, problems } = readJson(source.text)
  const read = isVariables ? readJsonBody : readJsonModule
  return { file: { source, body: raw ? read(raw) : NOTHING, isVariables }, problems }
}

/** The templates of all root modules: directories that no other module of the project calls. */
export function loadTerraform(
  files: readonly ModuleFile[],
  readFile: (path: string) => string | undefined,
  findHandler: FindHandler,
): readonly Template[] {
  const directories = new Map<string, ModuleFile[]>()
  for (const file of files) {
    const directory = directoryOf(file.source.path)
    directories.set(directory, [...(directories.get(directory) ?? []), file])
  }
  const called = new Set<string>()
  for (const [directory, own] of directories) for (const target of calledFrom(directory, own)) called.add(target)
  const templates: Template[] = []
  for (const [directory, own] of directories) {
    const source = own.find(file => !file.isVariables)?.source
    if (called.has(directory) || !source) continue
    const root = (resources: ReadonlyMap<string, Resource>) =>
      rootModule({ directory, directories, resources, declared: new Map(), readFile })
    templates.push(assemble(source, directory, root, findHandler))
  }
  return templates
}

const directoryOf = (path: string): string => posix.dirname(path).replace(/^\.$/, '')

/** Directories of modules that the files call by a path. */
function calledFrom(directory: string, files: readonly ModuleFile[]): readonly string[] {
  return files.flatMap(file =>
    file.body.blocks
      .filter(block => block.type === 'module')
      .flatMap(block => {
        const from = block.body.attributes.find(one => one.name === 'source')?.value
        return from?.kind === 'literal' && typeof from.value === 'string' && /^\.\.?(\/|$)/.test(from.value)
          ? [posix.join(directory, from.value).replace(/^\.$/, '').replace(/\/$/, '')]
          : []
      })
      .filter(target => target !== directory),
  )
}
