/** Data of one invocation that Python code keeps for the next. */
import type { PyNode, PythonFile, PythonHandler } from '../application/python.ts'
import { pythonEventFlows } from './event-flow.ts'
import { collect, enclosingFunction, isFunction, textOf } from './syntax.ts'

interface ModuleState {
  readonly node: PyNode
  readonly name: string
  readonly how: string
}

interface Code {
  readonly file: PythonFile
  readonly handlers: readonly PythonHandler[]
  isInvoked(node: PyNode): boolean
}

const GROWS = 'grows with what every invocation adds: later ones, of whomever, see it'
const STAYS = 'keeps what the first invocation put there: later ones, of whomever, work with that'

/**
 * Lists of the module that grow, defaults of parameters that are changed, and globals that are set once from the
 * event.
 */
export function moduleStateOf(code: Code): readonly ModuleState[] {
  const { file } = code
  const carries = (node: PyNode | undefined): boolean =>
    node !== undefined && code.handlers.some(handler => pythonEventFlows(node, file, handler).length > 0)
  return [...grownIn(file, code, carries), ...setOnceIn(file, code, carries)]
}

const isOf = (value: PyNode | undefined, types: RegExp): boolean => value !== undefined && types.test(value.type)

function grownIn(file: PythonFile, code: Code, carries: (node: PyNode | undefined) => boolean): readonly ModuleState[] {
  return collect(file.root, node => node.type === 'call').flatMap(call => {
    const fn = call.field('function')
    const object = fn?.type === 'attribute' ? fn.field('object') : undefined
    const method = fn?.type === 'attribute' ? textOf(fn.field('attribute') ?? fn) : ''
    if (object?.type !== 'identifier' || !/^(append|extend|add|insert)$/.test(method) || !code.isInvoked(call))
      return []
    const name = textOf(object)
    const [argument] = (call.field('arguments')?.children ?? []).slice(method === 'insert' ? 1 : 0)
    if (!carries(argument) || isEmptied(file, name)) return []
    const inner = enclosingFunction(call)
    if (inner && isDefaultOf(inner, name)) return [{ node: call, name: `The default of ${name}`, how: GROWS }]
    const isLocal = inner !== undefined && bindsItself(inner, name)
    return !isLocal && isOf(file.bindings.get(name), /^(list|set|call)$/) ? [{ node: call, name, how: GROWS }] : []
  })
}

/** `def f(x, seen=[])`: one list for all calls. */
const isDefaultOf = (fn: PyNode, name: string): boolean =>
  (fn.field('parameters')?.children ?? []).some(
    one =>
      /default_parameter$/.test(one.type) &&
      textOf(one.field('name') ?? one) === name &&
      isOf(one.field('value'), /^(list|dictionary|set)$/),
  )

const bindsItself = (fn: PyNode, name: string): boolean =>
  (fn.field('parameters')?.children ?? []).some(one => textOf(one.field('name') ?? one.children[0] ?? one) === name) ||
  collect(fn, node => node.type === 'assignment' && textOf(node.field('left') ?? node) === name).some(
    node => enclosingFunction(node) === fn,
  )

const isEmptied = (file: PythonFile, name: string): boolean =>
  new RegExp(
    `\\b${name}\\.(clear|pop|remove|discard)\\(|\\bdel\\s+${name}\\b|\\b${name}\\[:\\]\\s*=|global\\s+[^\\n]*\\b${name}\\b`,
  ).test(file.source.text)

/** `global user; if not user: user = event[…]`. */
function setOnceIn(
  file: PythonFile,
  code: Code,
  carries: (node: PyNode | undefined) => boolean,
): readonly ModuleState[] {
  return collect(file.root, node => node.type === 'assignment').flatMap(node => {
    const left = node.field('left')
    const inner = enclosingFunction(node)
    if (left?.type !== 'identifier' || !inner || !isFunction(inner) || !code.isInvoked(node)) return []
    const name = textOf(left)
    const isGlobal = collect(inner, one => one.type === 'global_statement').some(one =>
      one.children.some(child => textOf(child) === name),
    )
    const guard = node.parent?.parent?.parent
    const condition = guard?.type === 'if_statement' ? textOf(guard.field('condition') ?? guard) : ''
    const isGuarded = new RegExp(`^(not\\s+${name}|${name}\\s+is\\s+None|${name}\\s*==\\s*None)$`).test(condition)
    return isGlobal && isGuarded && carries(node.field('right')) ? [{ node, name, how: STAYS }] : []
  })
}
