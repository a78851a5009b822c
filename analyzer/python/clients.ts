/** Clients of AWS and of databases that Python code makes. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { qualifiedName } from './file.ts'
import { isDoneOnce } from './once.ts'
import { argumentsOf, collect, enclosingFunction, literalOf, textOf } from './syntax.ts'
import { variableRead } from './environment.ts'

const MAKERS =
  /^(boto3\.(client|resource)|psycopg2\.connect|pymysql\.connect|pymongo\.MongoClient|redis\.(Redis|StrictRedis|from_url)|mysql\.connector\.connect|sqlalchemy\.create_engine|opensearchpy\.OpenSearch)$/

/** Calls that make one, with the name by which people know it. */
export const clientsMade = (file: PythonFile): readonly { readonly node: PyNode; readonly name: string }[] =>
  collect(file.root, node => node.type === 'call').flatMap(node => {
    const name = qualifiedName(node.field('function'), file)
    if (name === undefined || !MAKERS.test(name)) return []
    const service = literalOf(argumentsOf(node).positional[0])
    return [{ node, name: name.startsWith('boto3.') && service !== undefined ? `${name}('${service}')` : name }]
  })

/** Its arguments are literals, environment variables and names of the module: nothing of the invocation. */
export function isSameForAll(call: PyNode, file: PythonFile): boolean {
  const { positional, keywords, open } = argumentsOf(call)
  if (open || [...keywords.keys()].some(key => /aws_|credential|password|token/.test(key))) return false
  return [...positional, ...keywords.values()].every(
    argument =>
      literalOf(argument) !== undefined ||
      variableRead(argument, file) !== undefined ||
      /^(true|false|none|integer|float)$/.test(argument.type) ||
      (argument.type === 'identifier' && file.bindings.has(textOf(argument))),
  )
}

/**
 * Stored where it lasts: in a global name, an attribute, a cache; made once for an environment; or handed back by a
 * function that may be cached.
 */
export function isKeptBetween(call: PyNode, file: PythonFile): boolean {
  const fn = enclosingFunction(call)
  if (!fn) return true
  const statement = call.parent
  if (statement?.type === 'return_statement') return true
  if (isDoneOnce(call, file)) return true
  const target = statement?.type === 'assignment' ? statement.field('left') : undefined
  if (!target) return false
  if (target.type !== 'identifier') return true
  const name = textOf(target)
  return collect(fn, node => node.type === 'global_statement' || node.type === 'return_statement').some(node =>
    new RegExp(`\\b${name}\\b\\s*(,|$)`).test(textOf(node)),
  )
}
