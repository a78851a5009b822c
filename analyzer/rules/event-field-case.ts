import type { EventKind } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { kindsOf, onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath } from '../dataflow/event-origins.ts'
import { EVENT_MEMBERS, misspelt } from '../dataflow/event-members.ts'
import type { Members } from '../dataflow/event-members.ts'

/** A member of the event that is spelt otherwise: always undefined. */
export const rule = defineRule({
  id: 'event-field-case',
  visit: {
    PropertyAccessExpression(node, code) {
      const path = eventPath(node, code)
      if (!path || path.length === 0) return
      const kinds = new Set(code.handlers.flatMap(handler => [...kindsOf(handler)]))
      const [kind] = kinds
      if (kinds.size !== 1 || kind === undefined || !onlyKind(code, kind)) return
      const members = membersAt(kind, path.slice(0, -1))
      const name = path.at(-1) ?? ''
      const right = members && misspelt(name, members)
      if (right === undefined) return
      const plain = /^[\w$]+$/.test(right)
      code.report({
        at: node.name,
        message: `The event has no ${name}, it is spelt ${right}: this is always undefined`,
        help: plain ? `Write ${right}` : `Write ['${right}']`,
        related: triggers(code, kind),
        fixes:
          plain && !ts.isPrivateIdentifier(node.name)
            ? [{ description: `Write ${right}`, kind: 'fix', edits: [replaceNode(code.file, node.name, right)] }]
            : [],
      })
    },
  },
})

function membersAt(kind: EventKind, path: readonly string[]): Members | undefined {
  let members: Members | true | undefined = EVENT_MEMBERS[kind]
  for (const step of path) {
    if (members === undefined || members === true) return undefined
    members = Object.hasOwn(members, step) ? members[step] : undefined
  }
  return members === true ? undefined : members
}
