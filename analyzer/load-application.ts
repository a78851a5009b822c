/** Loads a project: templates, policies and code, tied to one another. */
import { present } from '../base/present.ts'
import { resolve } from 'node:path'
import { placeOf, templatesIn } from './application/assembly.ts'
import type { Assembly } from './application/assembly.ts'
import type { Imports } from './application/exports.ts'
import { importsAmong } from './application/exports.ts'
import { givenParameters } from './application/sam-config.ts'
import type { GivenParameters } from './application/sam-config.ts'
import { isCloudFormation, loadCloudFormation, mayBeCloudFormation } from './application/cloudformation.ts'
import { discover, MAX_TEMPLATE_BYTES, readText, isServiceModule } from './application/discover.ts'
import type { Found, FoundFile } from './application/discover.ts'
import { projectFiles } from './application/files.ts'
import { attachResources, FunctionNames, functionsOf } from './application/functions.ts'
import type { FindHandler } from './application/functions.ts'
import type {
  Application,
  InvokePermission,
  LambdaFunction,
  Policy,
  Problem,
  Resource,
  Template,
  TemplateFormat,
} from './application/model.ts'
import { policiesOf, readPolicy } from './application/policies.ts'
import { CodeBase } from './application/project.ts'
import { pythonCode } from './python/code.ts'
import { openedAt, rawGet, rawItems } from './application/raw.ts'
import type { Raw, ReadResult } from './application/raw.ts'
import { readJson } from './application/read-json.ts'
import { readYaml } from './application/read-yaml.ts'
import { readServiceModule } from './application/service-module.ts'
import { isServerless, loadServerless, mayBeServerless } from './application/serverless.ts'
import { startOf } from './application/source.ts'
import type { SourceText } from './application/source.ts'
import { isTerraformFile, loadTerraform, readTerraformFile } from './application/terraform/load-terraform.ts'
import type { ModuleFile } from './application/terraform/module.ts'
import { isPlan, loadPlan, mayBePlan } from './application/terraform/plan.ts'
import { hasForeignFunctions, isPlaceholderValue, isUnrendered } from './application/unrendered.ts'
import { evaluate } from './application/intrinsics.ts'
import { guarded } from './application/guard.ts'
import { groupBy } from '../base/group-by.ts'

/** What of a project is read. */
export interface LoadOptions {
  /** Directories or files to look at, relative to the root; the root itself when absent. */
  readonly paths?: readonly string[]
  /** Templates to read, instead of those found by content. */
  readonly templates?: readonly string[]
  /** The listing, when the caller has it already. */
  readonly found?: Found
  /** What apps of the CDK wrote elsewhere; the listing names it. */
  readonly assemblies?: readonly Assembly[]
}

/**
 * Loads the project at `root`. Never throws for what is in the project: what cannot be read is among the `problems`.
 * Nothing of the project is executed.
 */
export function loadApplication(root: string, options: LoadOptions = {}): Application {
  const absoluteRoot = resolve(root)
  const found = options.found ?? discover(absoluteRoot, options.paths)
  const assemblies = options.assemblies ?? []
  const projectFs = projectFiles(absoluteRoot, placeOf(absoluteRoot, assemblies))
  const python = pythonCode(found.python, projectFs)
  const lost: string[] = []
  const code = new CodeBase(absoluteRoot, found.code, projectFs, {
    python,
    others: found.others,
    lost,
    templates: found.templates,
  })
  const problems: Problem[] = []
  const templates: Template[] = []
  const policies: Policy[] = []
  const files = options.templates
    ? [...options.templates.map(path => asFound(absoluteRoot, path)), ...templatesIn(assemblies, found)]
    : found.templates
  const included = new Set<string>()
  const terraform: ModuleFile[] = []
  const unrendered: string[] = []
  const findHandler: FindHandler = fn => code.lookUp(fn)
  const include = (path: string): string | undefined => {
    included.add(path)
    return projectFs.read(path)
  }
  const named = options.templates !== undefined
  // Functions are read once every template is: what one exports another may import.
  const unfinished: { readonly path: string; readonly finish: () => void }[] = []
  const stacks: Stacks = {
    imports: importsAmong(templates),
    given: source => givenParameters(source, absoluteRoot, path => projectFs.read(path)),
    later: (path, finish) => void unfinished.push({ path, finish }),
  }
  for (const file of files) {
    const loaded = guarded(file.path, lost, () =>
      loadFile(absoluteRoot, file, named, findHandler, problems, include, path => unrendered.push(path), stacks),
    )
    if (loaded?.template) templates.push(loaded.template)
    if (loaded?.policy) policies.push(loaded.policy)
    if (loaded?.terraform) terraform.push(loaded.terraform)
  }
  for (const { path, finish } of unfinished) guarded(path, lost, finish)
  if (unrendered.length) lost.push(noteOfUnrendered(unrendered))
  templates.splice(0, templates.length, ...withoutParts(templates, included))
  const modules = guarded('the Terraform modules', lost, () =>
    loadTerraform(terraform, path => projectFs.read(path), findHandler),
  )
  templates.push(...(modules ?? []))
  for (const template of [...templates]) {
    const read = guarded(template.source.path, lost, () => policiesAndHandlers(template))
    if (read) policies.push(...read)
    else templates.splice(templates.indexOf(template), 1)
  }
  return {
    root: absoluteRoot,
    templates,
    policies,
    ...resourcesOf(templates),
    get handlers() {
      return code.handlers()
    },
    python,
    get code() {
      return code.reached()
    },
    codeInOrder: () => code.inOrder(),
    problems,
    lost,
    pinTrees: () => code.pinTrees(),
    files: projectFs,
  }
}

/** What all templates declare together. */
function resourcesOf(
  templates: readonly Template[],
): Pick<Application, 'functions' | 'resources' | 'invokePermissions' | 'ofType'> {
  const resources = templates.flatMap(template => [...template.resources.values()])
  const functions = templates.flatMap(template => template.functions)
  const byType = groupBy(resources, resource => resource.type)
  return {
    functions,
    resources,
    invokePermissions: invokePermissions(byType.get('AWS::Lambda::Permission') ?? [], functions),
    ofType: (...types) => types.flatMap(type => byType.get(type) ?? []),
  }
}

/** What a serverless.yml includes is a part of it, and no template of its own. */
const withoutParts = (templates: readonly Template[], included: ReadonlySet<string>): readonly Template[] =>
  templates.filter(template => template.format === 'serverless' || !included.has(template.source.absolute))

/**
 * Looking up every handler is what ties code to templates; the files that are left may hold handlers that no template
 * names.
 */
function policiesAndHandlers({ resources, functions }: Template): readonly Policy[] {
  const found = policiesOfAll([...resources.values()], functions)
  for (const fn of functions) void fn.lookup
  return found
}

function noteOfUnrendered(paths: readonly string[]): string {
  const named = `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''}`
  const [were, them] = paths.length === 1 ? ['was', 'it'] : ['were', 'them']
  return `${named} ${were} not read: a template engine completes ${them} first. Lint what it writes`
}

const asFound = (root: string, path: string): FoundFile => ({
  path,
  absolute: resolve(root, path),
  size: 0,
  modifiedMs: 0,
})

function loadFile(
  root: string,
  file: FoundFile,
  named: boolean,
  findHandler: FindHandler,
  problems: Problem[],
  include: (path: string) => string | undefined,
  unrendered: (path: string) => void,
  stacks: Stacks,
): { template?: Template; policy?: Policy; terraform?: ModuleFile } | undefined {
  const text = readText(file.absolute)
  const source: SourceText = { path: file.path, absolute: file.absolute, text: text ?? '' }
  const problem = (message: string, start = 0, end = start): undefined => {
    problems.push({ rule: 'template-unreadable', loc: { source, start, end }, message })
    return undefined
  }
  if (text === undefined) return named ? problem('it cannot be read as text') : undefined
  if (isServiceModule(file.path)) {
    const raw = readServiceModule(source, root, path => include(path))
    return raw && isServerless(raw, file.path)
      ? { template: loadServerless(raw, source, root, findHandler, include) }
      : undefined
  }
  const cloudFormation = mayBeCloudFormation(text)
  const policy = /\.json$/i.test(file.path) && /"Statement"\s*:/.test(text) && /"(Effect|Version)"\s*:/.test(text)
  const serverless = mayBeServerless(file.path, text)
  const terraform = isTerraformFile(file.path)
  const plan = mayBePlan(text)
  if (!named && !cloudFormation && !policy && !serverless && !terraform && !plan) return undefined
  if (text.length > MAX_TEMPLATE_BYTES)
    return problem(`it is larger than ${MAX_TEMPLATE_BYTES / 1024 / 1024} MB and was not read`)
  if (terraform) {
    const { file: module, problems: broken } = readTerraformFile(source)
    const [first] = broken
    if (first && isUnrendered(text)) {
      unrendered(file.path)
      return undefined
    }
    if (first) problem(first.message, first.start, first.end)
    return { terraform: module }
  }
  const { raw: whole, problems: faults } = read(file.path, text)
  const fault = faults.find(one => !one.harmless)
  // What an engine completes first is no template yet: nothing of it is at fault, and nothing is known.
  if (
    isPlaceholderValue(text) ||
    hasForeignFunctions(text) ||
    ((fault || faults.some(one => /^the key "" /.test(one.message))) && isUnrendered(text))
  ) {
    if (named || serverless || looksBroken(text)) unrendered(file.path)
    return undefined
  }
  const raw = whole && fault ? openedAt(whole, fault.start) : whole
  /** A file that is read: what is wrong with it, and what was taken all the same. */
  const tell = (): void => {
    for (const one of faults)
      problems.push({
        rule: one.harmless ? 'template-duplicate-key' : 'template-unreadable',
        loc: { source, start: one.start, end: one.end },
        message: one.message,
      })
  }
  if (raw && isCloudFormation(raw)) {
    tell()
    return { template: cloudFormationTemplate(raw, source, findHandler, fault !== undefined, stacks) }
  }
  if (raw && plan && isPlan(raw)) {
    tell()
    return { template: loadPlan(raw, source, findHandler) }
  }
  if (raw && (serverless || named) && isServerless(raw, named ? 'serverless.yml' : file.path)) {
    tell()
    return { template: loadServerless(raw, source, root, findHandler, include) }
  }
  if (raw && policy && !rawGet(raw, 'Resources') && isPolicyDocument(raw)) return { policy: policyOfFile(raw, source) }
  if (fault && (named || looksBroken(text) || serverless || plan)) return problem(fault.message, fault.start, fault.end)
  return named ? problem('it is no template that is known: no CloudFormation, SAM, serverless or Terraform') : undefined
}

/** The policy of a JSON file of its own; whom it is for follows from its statements. */
function policyOfFile(raw: Raw, source: SourceText): Policy {
  const document = evaluate(raw, {
    source,
    parameters: new Map(),
    mappings: undefined,
    conditions: new Map(),
    resources: new Map(),
    active: new Set<string>(),
  })
  const statements = document.at('Statement').items('single')
  const trust = statements.some(statement => !statement.at('Principal').isAbsent)
  const ofResource = /AssumeRole/.test(source.text) ? 'trust' : 'resource'
  return readPolicy(document, trust ? ofResource : 'identity', { loc: startOf(source) })
}

/** A file that would have been a template, had it been readable: it has resources with types of AWS. */
const looksBroken = (text: string): boolean =>
  /^["']?\s*["']?Resources["']?\s*:/m.test(text) || /["']?AWSTemplateFormatVersion["']?\s*:/.test(text)

function read(path: string, text: string): ReadResult {
  const json = /\.json$/i.test(path) || /^\s*[{[]/.test(text)
  return json ? readJson(text) : readYaml(text)
}

function isPolicyDocument(raw: Raw): boolean {
  const statements = rawGet(raw, 'Statement')
  const list = rawItems(statements)
  return list.length > 0 && list.every(item => rawGet(item, 'Effect') !== undefined) && !isStackPolicy(list)
}

/** A policy of a stack says which updates CloudFormation may make; IAM knows nothing of it. */
const isStackPolicy = (statements: readonly Raw[]): boolean =>
  statements.some(statement => {
    const action = rawGet(statement, 'Action')
    return rawItems(action).some(one => one.kind === 'scalar' && /^Update:/.test(String(one.value)))
  })

/** What a template has of the others, and of the files that deploy it. */
interface Stacks {
  readonly imports: Imports
  readonly given: (template: SourceText) => GivenParameters
  /** To be done when all templates are read. */
  readonly later: (path: string, finish: () => void) => void
}

function cloudFormationTemplate(
  raw: Raw,
  source: SourceText,
  findHandler: FindHandler,
  broken: boolean,
  { imports, given, later }: Stacks,
): Template {
  const format = formatOf(raw, source)
  let template: Template | undefined
  const shell = loadCloudFormation(raw, source, format, () => present(template, 'the template'), {
    imports,
    given: format === 'cdk' ? new Map() : given(source),
  })
  let functions: readonly LambdaFunction[] = []
  const finished: Template = {
    source,
    format,
    root: shell.root,
    resources: shell.resources,
    open: shell.open || broken,
    get functions() {
      return functions
    },
  }
  template = finished
  later(source.path, () => {
    functions = attachResources(functionsOf(shell, finished, findHandler), shell.resources.values())
  })
  return finished
}

function formatOf(raw: Raw, source: SourceText): TemplateFormat {
  if (/(^|\/)cdk\.out[^/]*\//.test(source.path) || rawGet(raw, 'Parameters', 'BootstrapVersion')) return 'cdk'
  const transform = rawGet(raw, 'Transform')
  const names = rawItems(transform)
  return names.some(name => name.kind === 'scalar' && /^AWS::Serverless-/.test(String(name.value)))
    ? 'sam'
    : 'cloudformation'
}

function policiesOfAll(resources: readonly Resource[], functions: readonly LambdaFunction[]): Policy[] {
  // A SAM function's documents are read once, with the globals that it inherits.
  const samFunctions = new Set(
    functions.filter(fn => fn.resource.type === 'AWS::Serverless::Function').map(fn => fn.resource),
  )
  return [
    ...resources.filter(resource => !samFunctions.has(resource)).flatMap(resource => [...policiesOf(resource)]),
    ...functions.flatMap(fn => (fn.permissions.kind === 'generated' ? fn.permissions.policies : [])),
  ]
}

function invokePermissions(resources: readonly Resource[], functions: readonly LambdaFunction[]): InvokePermission[] {
  const names = new FunctionNames(functions)
  return resources.map(resource => ({
    resource,
    loc: resource.loc,
    function: names.find(resource.property('FunctionName')),
    functionName: resource.property('FunctionName'),
    principal: resource.property('Principal'),
    action: resource.property('Action'),
    sourceArn: resource.property('SourceArn'),
    sourceAccount: resource.property('SourceAccount'),
  }))
}
