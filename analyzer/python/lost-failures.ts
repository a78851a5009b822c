/** Failures of an event's work that nobody hears of, in Python. */
import type { PyNode, PythonFile, PythonHandler } from '../application/python.ts'
import { pythonEventFlows } from './event-flow.ts'
import { qualifiedName } from './file.ts'
import { isLogCall } from './logging.ts'
import { collect, dottedName, enclosingFunction, some, textOf } from './syntax.ts'

const MAX_DEPTH = 3

/** Requests of common libraries, beside those of boto3. */
const REQUESTS =
  /^(requests|httpx|urllib\.request|urllib3)\.|^(smtplib|paramiko|psycopg2?|pymysql|redis|pymongo)\.|(^|\.)(cursor|connection|conn|session)\.(execute|executemany|commit|post|put|get|delete|patch|request)$/

/**
 * `except` clauses that catch everything, print it at most and go on, where work was waited for. One that looks at the
 * error, or answers its caller, is none.
 * @param isRequest whether a call asks AWS for something.
 */
export function forgottenExceptions(
  handler: PythonHandler,
  isRequest: (call: PyNode) => boolean,
): readonly { readonly node: PyNode; readonly file: PythonFile }[] {
  const waits = (node: PyNode, file: PythonFile, depth: number): boolean =>
    some(node, one => {
      if (one.type !== 'call') return false
      if (isRequest(one) || REQUESTS.test(qualifiedName(one.field('function'), file) ?? '')) return true
      const name = dottedName(one.field('function'))?.split('.').at(-1)
      return (
        name !== undefined &&
        depth < MAX_DEPTH &&
        handler.files.some(other => {
          const definition = other.functions.get(name)
          return definition !== undefined && waits(definition, other, depth + 1)
        })
      )
    })
  return handler.files.flatMap(file =>
    collect(file.root, node => node.type === 'try_statement').flatMap(node => {
      const body = node.field('body')
      if (!body || !handler.isInvoked(node) || !waits(body, file, 0)) return []
      if (isLastStep(node, body, file, handler, one => waits(one, file, 0))) return []
      const fn = enclosingFunction(node)
      const answers = fn !== handler.node && (!fn || returnsValue(fn))
      return node.children
        .filter(clause => clause.type === 'except_clause' && CATCHES_ALL.test(textOf(clause)))
        .filter(clause => {
          const block = clause.children.at(-1)
          return block?.type === 'block' && !answers && block.children.every(one => isIdle(one, file))
        })
        .map(clause => ({ node: clause, file }))
    }),
  )
}

/**
 * A step of the handler that has nothing of the event, after what the event asked for is done and has not been caught:
 * what fails in it is no event lost.
 */
function isLastStep(
  node: PyNode,
  body: PyNode,
  file: PythonFile,
  handler: PythonHandler,
  waits: (node: PyNode) => boolean,
): boolean {
  const siblings = node.parent?.children ?? []
  const at = siblings.indexOf(node)
  return (
    enclosingFunction(node) === handler.node &&
    siblings.slice(0, at).some(one => one.type === 'expression_statement' && waits(one)) &&
    !some(body, one => one.type === 'identifier' && pythonEventFlows(one, file, handler).length > 0)
  )
}

const CATCHES_ALL = /^except\s*(\(?\s*(Base)?Exception\s*\)?\s*(as\s+\w+\s*)?)?:/

const returnsValue = (fn: PyNode): boolean =>
  some(fn, node => node.type === 'return_statement' && enclosingFunction(node) === fn && !isNothing(node.children[0]))

const isNothing = (node: PyNode | undefined): boolean => node === undefined || node.type === 'none'

/** A statement that tells a log at most. */
function isIdle(node: PyNode, file: PythonFile): boolean {
  if (node.type === 'pass_statement' || node.type === 'continue_statement') return true
  if (node.type === 'return_statement') return !node.children[0] || isPlain(node.children[0])
  const [expression] = node.children
  if (node.type !== 'expression_statement' || !expression) return false
  if (expression.type !== 'call') return isPlain(expression)
  const name = qualifiedName(expression.field('function'), file) ?? ''
  return isLogCall(expression, file) || /^(traceback\.print_exc|time\.sleep)$/.test(name)
}

/** What is worked out of nothing but literals. */
const isPlain = (node: PyNode): boolean =>
  !some(node, one => /^(call|identifier|attribute|subscript|await|yield)$/.test(one.type))
