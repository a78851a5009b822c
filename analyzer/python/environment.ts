/** Environment variables that Python code reads. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { qualifiedName } from './file.ts'
import { ancestors, argumentsOf, collect, literalOf, some, textOf } from './syntax.ts'

/** A place where code reads an environment variable. */
export interface VariableRead {
  readonly name: string
  readonly node: PyNode
  /** `os.environ['X']` ends in a KeyError where `os.environ.get('X')` gives None. */
  readonly required: boolean
}

/** The variable that an expression is, when it is one. */
export function variableRead(node: PyNode, file: PythonFile): VariableRead | undefined {
  if (node.type === 'subscript') {
    if (qualifiedName(node.field('value'), file) !== 'os.environ') return undefined
    const name = literalOf(node.field('subscript'))
    const isWritten =
      (/assignment$/.test(node.parent?.type ?? '') && node.parent?.field('left') === node) ||
      node.parent?.type === 'delete_statement'
    return name === undefined || isWritten ? undefined : { name, node, required: true }
  }
  if (node.type !== 'call' || !/^os\.(getenv|environ\.get)$/.test(qualifiedName(node.field('function'), file) ?? ''))
    return undefined
  const { positional, keywords } = argumentsOf(node)
  const name = literalOf(positional[0] ?? keywords.get('key'))
  return name === undefined ? undefined : { name, node, required: false }
}

/** Every variable that a file reads by its name. */
export const variablesRead = (file: PythonFile): readonly VariableRead[] =>
  /environ|getenv/.test(file.source.text)
    ? collect(file.root, node => node.type === 'subscript' || node.type === 'call').flatMap(
        node => variableRead(node, file) ?? [],
      )
    : []

/** Whether code minds that the variable may be missing: it asks first, or catches what comes of it. */
export function isGuarded(read: VariableRead, file: PythonFile): boolean {
  for (const around of ancestors(read.node)) {
    if (around.type === 'try_statement' && around.children.some(child => catchesMissing(child))) return true
    if (
      (around.type === 'if_statement' || around.type === 'conditional_expression') &&
      some(around.field('condition') ?? around.children[1] ?? around, node => textOf(node).includes(read.name))
    )
      return true
  }
  // Set by the code itself, or with a default, anywhere in the file.
  return new RegExp(
    `environ\\.setdefault\\(\\s*['"]${read.name}['"]|environ\\[\\s*['"]${read.name}['"]\\s*\\]\\s*=[^=]|['"]${read.name}['"]\\s+(not\\s+)?in\\s+(os\\.)?environ`,
  ).test(file.source.text)
}

const catchesMissing = (clause: PyNode): boolean =>
  clause.type === 'except_clause' &&
  (!clause.field('value') || /KeyError|LookupError|Exception/.test(textOf(clause).split('\n')[0] ?? ''))

/** Whether the environment is taken as a whole, or by names that are worked out: any variable may be read. */
export const takesWholeEnvironment = (file: PythonFile): boolean =>
  /environ|dotenv|BaseSettings|decouple|environs/.test(file.source.text) &&
  (file.imports.some(one => /^(dotenv|decouple|environs|pydantic_settings|starlette\.config)/.test(one.module)) ||
    /\bBaseSettings\b/.test(file.source.text) ||
    collect(
      file.root,
      node => (node.type === 'attribute' || node.type === 'identifier') && qualifiedName(node, file) === 'os.environ',
    ).some(node => {
      const { parent } = node
      if (
        parent?.type === 'import_from_statement' ||
        parent?.type === 'dotted_name' ||
        parent?.type === 'aliased_import'
      )
        return false
      if (parent?.type === 'subscript') return literalOf(parent.field('subscript')) === undefined
      if (parent?.type === 'comparison_operator') return false
      const call =
        parent?.type === 'attribute' && /^(get|setdefault|pop)$/.test(textOf(parent.field('attribute') ?? parent))
          ? parent.parent
          : undefined
      return call?.type !== 'call' || literalOf(argumentsOf(call).positional[0]) === undefined
    }))

/** The environment itself or a copy of it, not one variable: neither `os.environ['X']` nor `os.environ.get('X')`. */
export const isWholeEnvironment = (node: PyNode, file: PythonFile): boolean =>
  qualifiedName(node, file) === 'os.environ' &&
  node.parent?.type !== 'subscript' &&
  (node.parent?.type !== 'attribute' || /\.(items|copy)$/.test(textOf(node.parent)))
