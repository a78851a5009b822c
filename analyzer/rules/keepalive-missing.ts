import { addEntry, replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeFile, ModuleImport } from '../application/code.ts'
import type { LambdaFunction } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { bare, importOf, isOpenObject, propertyOf } from '../syntax/syntax.ts'

const VARIABLE = 'AWS_NODEJS_CONNECTION_REUSE_ENABLED'

/**
 * Connections that are closed after every request: the version 2 of the SDK unless told otherwise, and agents of one's
 * own.
 */
export const rule = defineRule({
  id: 'keepalive-missing',
  file(file, code) {
    const sdk = file.imports.find(isVersion2)
    if (
      !sdk ||
      code.handlers.some(handler =>
        handler.files.some(
          one => /keepAlive|maxSockets|httpOptions/.test(one.source.text) || one.source.text.includes(VARIABLE),
        ),
      )
    )
      return
    // Once for a handler: in the first of its files that has it.
    if (!code.handlers.some(handler => handler.files.find(one => !one.generated && usesVersion2(one)) === file)) return
    const lacking = code.functions.filter(lacksVariable)
    if (!lacking.length) return
    code.report({
      at: sdk.loc,
      message: `Version 2 of the SDK opens a connection for every request, because ${VARIABLE} is not set for ${lacking
        .map(fn => fn.id)
        .slice(0, 3)
        .join(', ')}`,
      help: `Set ${VARIABLE} to 1 in the environment, or move to version 3, which keeps connections`,
      related: lacking
        .slice(0, 3)
        .map(fn => ({ at: fn.environment.isAbsent ? fn : fn.environment, message: `the environment of ${fn.id}` })),
      fixes: lacking.flatMap(fn => {
        const own = fn.resource.property('Environment', 'Variables')
        const edit = own.kind === 'map' ? addEntry(own, VARIABLE, '1') : undefined
        return edit ? [{ description: `Set it for ${fn.id}`, kind: 'suggestion' as const, edits: [edit] }] : []
      }),
    })
  },
  visit: {
    NewExpression(node, code) {
      const made = importOf(node.expression)
      if (!made || !/^(node:)?https?$/.test(made.module) || made.name.replace(/^default\./, '') !== 'Agent') return
      const [options] = node.arguments ?? []
      const object = options && bare(options)
      const first = object && ts.isObjectLiteralExpression(object) ? object.properties[0] : undefined
      if (object && (!ts.isObjectLiteralExpression(object) || isOpenObject(object) || propertyOf(object, 'keepAlive')))
        return
      code.report({
        at: node,
        message: 'This agent closes its connections after every request, because keepAlive is not set',
        help: 'Pass keepAlive: true',
        fixes: [
          {
            description: 'Keep connections',
            kind: 'suggestion',
            edits: [
              first
                ? replaceNode(code.file, first, `keepAlive: true, ${first.getText()}`)
                : replaceNode(code.file, node, `new ${node.expression.getText()}({ keepAlive: true })`),
            ],
          },
        ],
      })
    },
  },
})

const isVersion2 = (one: ModuleImport): boolean => one.kind !== 'type' && /^aws-sdk($|\/clients\/)/.test(one.specifier)
const usesVersion2 = (file: CodeFile): boolean => file.imports.some(isVersion2)

/** Surely not set: everything that could set it is known. */
function lacksVariable({ environment }: LambdaFunction): boolean {
  if (environment.isAbsent) return true
  return environment.kind === 'map' && !environment.open && environment.at(VARIABLE).isAbsent
}
