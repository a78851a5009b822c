/** Files that Python code writes. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { qualifiedName } from './file.ts'
import { argumentsOf, collect, literalOf } from './syntax.ts'

/** Calls that write to a path, with the path: `open(…, 'w')`, `os.makedirs(…)`. */
export const filesWritten = (file: PythonFile): readonly { readonly path: PyNode; readonly how: string }[] =>
  collect(file.root, node => node.type === 'call').flatMap(call => {
    const name = qualifiedName(call.field('function'), file) ?? ''
    const { positional, keywords } = argumentsOf(call)
    const [path, second] = positional
    if (!path) return []
    if (/^(io\.)?open$/.test(name))
      return /[wax+]/.test(literalOf(second ?? keywords.get('mode')) ?? '') ? [{ path, how: 'open' }] : []
    if (/^os\.(makedirs|mkdir)$/.test(name)) return [{ path, how: name }]
    return /^shutil\.(copy|copy2|copyfile|copytree|move)$/.test(name) && second ? [{ path: second, how: name }] : []
  })
