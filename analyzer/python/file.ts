/** One Python file: what it imports, defines and binds. */
import type { PyNode, PythonFile, PythonImport } from '../application/python.ts'
import type { SourceText } from '../application/source.ts'
import { ancestors, collect, dottedName, enclosingFunction, parsePython, textOf } from './syntax.ts'

/** Parses a Python file and lists what it imports. A file with a fault is read as far as it goes. */
export function readPython(source: SourceText): PythonFile {
  const { root, fault } = parsePython(source)
  return {
    source,
    path: source.path,
    root,
    fault,
    imports: collect(root, node => /^(import|import_from|future_import)_statement$/.test(node.type)).flatMap(importsOf),
    functions: functionsOf(root),
    bindings: bindingsOf(root),
  }
}

function importsOf(node: PyNode): readonly PythonImport[] {
  const from = node.field('module_name')
  const module = from && textOf(from).replace(/\s+/g, '')
  return node.children.flatMap((child): readonly PythonImport[] => {
    if (child === from) return []
    if (child.type === 'wildcard_import')
      return module === undefined ? [] : [{ module, name: '*', local: '*', loc: child.loc }]
    const name = child.type === 'aliased_import' ? child.field('name') : child
    const alias = child.type === 'aliased_import' ? child.field('alias') : undefined
    const written = dottedName(name) ?? (name ? textOf(name) : undefined)
    if (written === undefined) return []
    const plain = module === undefined ? (written.split('.')[0] ?? written) : written
    const local = alias ? textOf(alias) : plain
    return [
      module === undefined
        ? { module: written, name: undefined, local, loc: child.loc }
        : { module, name: written, local, loc: child.loc },
    ]
  })
}

function functionsOf(root: PyNode): ReadonlyMap<string, PyNode> {
  const functions = new Map<string, PyNode>()
  for (const node of collect(root, one => one.type === 'function_definition')) {
    const name = node.field('name')
    if (!name) continue
    const owner = [...ancestors(node)].find(
      around => around.type === 'class_definition' || around.type === 'function_definition',
    )
    const of = owner?.type === 'class_definition' ? owner.field('name') : undefined
    functions.set(of ? `${textOf(of)}.${textOf(name)}` : textOf(name), node)
  }
  return functions
}

function bindingsOf(root: PyNode): ReadonlyMap<string, PyNode> {
  const bound = new Map<string, PyNode | undefined>()
  for (const node of collect(root, one => one.type === 'assignment' || one.type === 'augmented_assignment')) {
    const left = node.field('left')
    const right = node.field('right')
    if (left?.type !== 'identifier' || enclosingFunction(node)) continue
    const name = textOf(left)
    bound.set(name, bound.has(name) || node.type !== 'assignment' ? undefined : right)
  }
  return new Map([...bound].flatMap(([name, value]) => (value ? [[name, value] as const] : [])))
}

/**
 * The full name of a thing that was imported: `os.environ` for `environ` after `from os import environ`. Names of the
 * project's own stay as they are written.
 */
export function qualifiedName(node: PyNode | undefined, file: PythonFile): string | undefined {
  const written = dottedName(node)
  if (written === undefined) return undefined
  const [first = '', ...rest] = written.split('.')
  const imported = file.imports.find(one => one.local === first)
  if (!imported) return written
  const { module, name, local } = imported
  const whole = local === module.split('.')[0] ? first : module
  const root = name === undefined ? whole : `${module}.${name}`
  return [root, ...rest].join('.')
}
