/** Calls of Python that run, read or ask for the text that they are given. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { qualifiedName } from './file.ts'
import { argumentsOf, collect, textOf } from './syntax.ts'

export type PythonSinkKind = 'shell' | 'sql' | 'eval' | 'path' | 'url'

export interface PythonSink {
  readonly kind: PythonSinkKind
  readonly text: PyNode
}

export const pythonSinks = (file: PythonFile): readonly PythonSink[] =>
  collect(file.root, node => node.type === 'call').flatMap(node => sinkOf(node, file) ?? [])

function sinkOf(call: PyNode, file: PythonFile): PythonSink | undefined {
  const fn = call.field('function')
  const name = qualifiedName(fn, file) ?? ''
  const { positional, keywords } = argumentsOf(call)
  const [first] = positional
  const is = (kind: PythonSinkKind, text = first): PythonSink | undefined => text && { kind, text }
  if (/^(os\.(system|popen)|subprocess\.(getoutput|getstatusoutput)|commands\.getoutput)$/.test(name))
    return is('shell')
  if (/^subprocess\.(run|call|check_call|check_output|Popen)$/.test(name)) {
    const shell = keywords.get('shell')
    return shell && textOf(shell) === 'True' ? is('shell', first ?? keywords.get('args')) : undefined
  }
  if (/^(eval|exec|pickle\.loads|marshal\.loads|dill\.loads)$/.test(name)) return is('eval')
  if (name === 'yaml.load' && !/Safe/.test(textOf(keywords.get('Loader') ?? positional[1] ?? call))) return is('eval')
  if (/^(open|io\.open|os\.(remove|unlink|rename)|shutil\.(rmtree|copy|copyfile|move))$/.test(name)) return is('path')
  if (/^(requests|httpx)\.(get|post|put|patch|delete|head|request)$/.test(name))
    return is(
      'url',
      name.endsWith('.request') ? (positional[1] ?? keywords.get('url')) : (first ?? keywords.get('url')),
    )
  if (/^urllib\.request\.(urlopen|Request)$/.test(name)) return is('url')
  const method = fn?.type === 'attribute' ? textOf(fn.field('attribute') ?? fn) : ''
  return /^(execute|executemany|executescript|read_sql|read_sql_query)$/.test(method) ? is('sql') : undefined
}
