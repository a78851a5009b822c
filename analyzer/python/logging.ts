/** What Python code writes into its log. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { qualifiedName } from './file.ts'
import { argumentsOf, collect } from './syntax.ts'

const LOGS = /(^|\.)_?(log|logger|logging)\.(debug|info|warning|error|critical|exception|log)$/i

/** The arguments of `print` and of the methods of loggers. */
export const loggedBy = (file: PythonFile): readonly PyNode[] =>
  collect(file.root, node => node.type === 'call').flatMap(call => {
    const name = qualifiedName(call.field('function'), file) ?? ''
    return name === 'print' || LOGS.test(name) ? argumentsOf(call).positional : []
  })
