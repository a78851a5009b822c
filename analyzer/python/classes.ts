/** Classes of Python code: their methods, what they inherit, and which of them a value is an object of. */
import type { PyNode, PythonFile, PythonHandler } from '../application/python.ts'
import { ancestors, collect, dottedName, enclosingFunction, textOf } from './syntax.ts'

/** A class of the project. */
export interface PythonClass {
  readonly name: string
  readonly node: PyNode
  readonly file: PythonFile
  /** Names of the classes that it extends. */
  readonly bases: readonly string[]
}

const known = new WeakMap<PythonFile, readonly PythonClass[]>()

function classesOf(file: PythonFile): readonly PythonClass[] {
  const before = known.get(file)
  if (before) return before
  const found = collect(file.root, one => one.type === 'class_definition').flatMap(node => {
    const name = node.field('name')
    const bases = (node.field('superclasses')?.children ?? []).flatMap(one => dottedName(one)?.split('.').at(-1) ?? [])
    return name ? [{ name: textOf(name), node, file, bases }] : []
  })
  known.set(file, found)
  return found
}

/** The classes of that name in the files of a handler. */
export const classesNamed = (name: string, handler: PythonHandler): readonly PythonClass[] =>
  handler.files.flatMap(classesOf).filter(one => one.name === name)

/** The class in whose body a function stands. */
export function classAround(node: PyNode, file: PythonFile): PythonClass | undefined {
  for (const around of ancestors(node))
    if (around.type === 'class_definition') return classesOf(file).find(one => one.node === around)
  return undefined
}

const MAX_BASES = 8

/** A class with those that it extends, the nearest first. */
export function lineageOf(of: PythonClass, handler: PythonHandler): readonly PythonClass[] {
  const line = new Set([of])
  for (const one of line) {
    if (line.size > MAX_BASES) break
    for (const base of one.bases.flatMap(name => classesNamed(name, handler))) line.add(base)
  }
  return [...line]
}

/** Classes that extend one, directly. */
export const heirsOf = (of: PythonClass, handler: PythonHandler): readonly PythonClass[] =>
  handler.files.flatMap(classesOf).filter(one => one.bases.includes(of.name))

/** A method of a class, of its own or inherited. */
export function methodOf(
  of: PythonClass,
  name: string,
  handler: PythonHandler,
): { readonly node: PyNode; readonly file: PythonFile } | undefined {
  for (const one of lineageOf(of, handler)) {
    const node = one.file.functions.get(`${one.name}.${name}`)
    if (node) return { node, file: one.file }
  }
  return undefined
}

/** The methods of classes of the project that a call may be one of. */
export function ownMethodsOf(
  call: PyNode,
  file: PythonFile,
  handler: PythonHandler,
): readonly { readonly node: PyNode; readonly file: PythonFile }[] {
  const fn = call.field('function')
  const name = fn?.field('attribute')
  if (!fn || !name) return []
  return classesBehind(fn.field('object'), file, handler).flatMap(one => methodOf(one, textOf(name), handler) ?? [])
}

/** What a function gives back. */
export const returnsOf = (definition: PyNode): readonly PyNode[] =>
  collect(definition, node => node.type === 'return_statement' && enclosingFunction(node) === definition).flatMap(
    node => node.children[0] ?? [],
  )

/** The classes that an expression may be an object of: it makes one, or calls what makes one. */
export function classesBehind(
  node: PyNode | undefined,
  file: PythonFile,
  handler: PythonHandler,
  depth = 0,
): readonly PythonClass[] {
  if (!node || depth > 6) return []
  const on = (next: PyNode | undefined, of = file): readonly PythonClass[] =>
    classesBehind(next, of, handler, depth + 1)
  if (node.type === 'identifier') {
    const name = textOf(node)
    if (name === 'self') {
      const own = classAround(node, file)
      return own ? [own, ...heirsOf(own, handler)] : []
    }
    const isIt = (one: PyNode): boolean =>
      one.type === 'assignment' && dottedName(one.field('left')) === name && one.field('right') !== node
    for (const around of ancestors(node)) {
      if (around.type !== 'function_definition') continue
      const bound = collect(around, isIt)
      if (bound.length) return bound.flatMap(one => on(one.field('right')))
    }
    return on(file.bindings.get(name))
  }
  if (node.type === 'conditional_expression') return [node.children[0], node.children[2]].flatMap(one => on(one))
  if (/^(boolean_operator|parenthesized_expression)$/.test(node.type)) return node.children.flatMap(one => on(one))
  if (node.type !== 'call') return []
  const [last, owner] = (dottedName(node.field('function')) ?? '').split('.').reverse()
  if (last === undefined || last === '') return []
  const made = classesNamed(last, handler)
  if (made.length) return made
  const makers =
    owner === undefined
      ? handler.files.flatMap(of => {
          const definition = of.functions.get(last)
          return definition ? [{ node: definition, file: of }] : []
        })
      : classesNamed(owner, handler).flatMap(one => methodOf(one, last, handler) ?? [])
  return makers.flatMap(maker => returnsOf(maker.node).flatMap(given => on(given, maker.file)))
}
