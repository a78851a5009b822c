/** What Python code writes into its log. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { qualifiedName } from './file.ts'
import { argumentsOf, collect } from './syntax.ts'

const LOGS = /(^|\.)_?(log|logger|logging)\.(debug|info|warning|error|critical|exception|log)$/i

/** The arguments of `print` and of the methods of loggers. */
export const loggedBy = (file: PythonFile): readonly PyNode[] =>
  collect(file.root, node => isLogCall(node, file)).flatMap(call => argumentsOf(call).positional)

/** `print(…)`, `logger.error(…)`. */
export function isLogCall(node: PyNode, file: PythonFile): boolean {
  if (node.type !== 'call') return false
  const name = qualifiedName(node.field('function'), file) ?? ''
  return name === 'print' || LOGS.test(name)
}
