/** The calls of a file by the last part of what they call: flows ask for them again and again. */
import type { PyNode, PythonFile } from '../application/python.ts'
import { collect, textOf } from './syntax.ts'

const known = new WeakMap<PythonFile, ReadonlyMap<string, readonly PyNode[]>>()

/** The calls of `name(…)`, `x.name(…)` and `x().name(…)`, in the order in which they stand. */
export function callsNamed(name: string, file: PythonFile): readonly PyNode[] {
  let index = known.get(file)
  if (!index) known.set(file, (index = indexOf(file)))
  return index.get(name) ?? []
}

function indexOf(file: PythonFile): ReadonlyMap<string, readonly PyNode[]> {
  const index = new Map<string, PyNode[]>()
  for (const call of collect(file.root, node => node.type === 'call')) {
    const callee = call.field('function')
    const last = callee?.type === 'attribute' ? callee.field('attribute') : callee
    if (last?.type !== 'identifier') continue
    const name = textOf(last)
    const before = index.get(name)
    if (before) before.push(call)
    else index.set(name, [call])
  }
  return index
}
