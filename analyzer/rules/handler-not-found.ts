import type { LambdaFunction } from '../application/model.ts'
import { exportNames } from '../application/handlers.ts'
import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { Repair } from '../engine/rule.ts'

/** A handler that is not in the code: every invocation ends before it begins. */
export const rule = defineRule({
  id: 'handler-not-found',
  fn(fn, { report }) {
    const { lookup } = fn
    if (lookup.found || lookup.reason === 'unknown') return
    const written = fn.handler.string()
    const names = lookup.file ? exportNames(lookup.file) : []
    report({
      at: fn.handler,
      message: `${fn.id} cannot start: its handler is ${written}, and ${lookup.why}`,
      help:
        lookup.help ??
        (lookup.reason === 'missing-file'
          ? `Write the path of the file below ${fn.packaging.directory || 'the project'}, without its extension, ` +
            'then a dot and the name of the export'
          : `Export it, or name what is exported${names.length ? `: ${names.slice(0, 8).join(', ')}` : ''}`),
      related: lookup.file
        ? [
            {
              at: { source: lookup.file.source, start: 0, end: 0 },
              message: `${lookup.file.path} is the file that it names`,
            },
          ]
        : [],
      fixes: lookup.reason === 'missing-export' && written !== undefined ? rename(fn, written, names) : [],
    })
  },
})

/** The only export, or the only one that is called like a handler. */
function rename(fn: LambdaFunction, written: string, names: readonly string[]): readonly Repair[] {
  const likely = names.filter(name => /handler/i.test(name))
  const [name] = [names, likely].find(one => one.length === 1) ?? []
  if (name === undefined) return []
  const slash = written.lastIndexOf('/') + 1
  const edit = setValue(fn.handler, `${written.slice(0, slash) + written.slice(slash).replace(/\..*$/, '')}.${name}`)
  return edit ? [{ description: `Name the export ${name}`, kind: 'suggestion', edits: [edit] }] : []
}
