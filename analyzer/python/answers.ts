/** What Python handlers answer. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { isWholeEnvironment } from './environment.ts'
import { qualifiedName } from './file.ts'
import { collect, enclosingFunction, literalOf, textOf } from './syntax.ts'

interface Leak {
  readonly node: PyNode
  readonly what: 'stack' | 'environment'
}

/** Stack traces and whole environments in the body of an answer of a handler, also by way of a local name. */
export function leaksAnswered(handler: PyNode, file: PythonFile): readonly Leak[] {
  const bodies = collect(handler, node => node.type === 'return_statement' && enclosingFunction(node) === handler)
    .flatMap(statement => collect(statement, node => node.type === 'pair'))
    .filter(pair => literalOf(pair.field('key')) === 'body')
    .flatMap(pair => pair.field('value') ?? [])
  return bodies
    .flatMap(body => [body, ...namedIn(body, handler)])
    .flatMap(body => collect(body, () => true))
    .flatMap((node): readonly Leak[] => {
      if (
        node.type === 'call' &&
        /^traceback\.(format_exc|format_exception|format_tb)$/.test(qualifiedName(node.field('function'), file) ?? '')
      )
        return [{ node, what: 'stack' }]
      return isWholeEnvironment(node, file) ? [{ node, what: 'environment' }] : []
    })
}

/** What the local names of an expression are set to. */
const namedIn = (expression: PyNode, handler: PyNode): readonly PyNode[] => {
  const names = new Set(collect(expression, node => node.type === 'identifier').map(textOf))
  return collect(handler, node => node.type === 'assignment').flatMap(assignment => {
    const left = assignment.field('left')
    const right = assignment.field('right')
    return left?.type === 'identifier' && right && names.has(textOf(left)) ? [right] : []
  })
}
