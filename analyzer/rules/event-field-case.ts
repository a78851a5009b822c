import type { EventKind } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { replaceNode } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { kindsOf, onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath } from '../dataflow/event-origins.ts'
import { EVENT_MEMBERS, misspelt } from '../dataflow/event-members.ts'
import type { Members } from '../dataflow/event-members.ts'

/** A member of the event that is spelt otherwise: always undefined. */
export const rule = defineRule({
  id: 'event-field-case',
  visit: {
    PropertyAccessExpression(node, code) {
      const kind = kindOf(code)
      // Nearly all names are right, or none that an event has: where they come from need not be asked.
      if (kind === undefined || !mayBeMisspelt(node.name.text, kind)) return
      const path = eventPath(node, code)
      if (!path || path.length === 0) return
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

const kinds = new WeakMap<CodeContext, { readonly kind: EventKind | undefined }>()

/** The one kind of event that the handlers of a file get, asked once for a file. */
function kindOf(code: CodeContext): EventKind | undefined {
  const known = kinds.get(code)
  if (known) return known.kind
  const all = new Set(code.handlers.flatMap(handler => [...kindsOf(handler)]))
  const [only] = all
  const kind = all.size === 1 && only !== undefined && onlyKind(code, only) ? only : undefined
  kinds.set(code, { kind })
  return kind
}

const answers = new Map<EventKind, Map<string, boolean>>()

/** Whether some member of such an event, at any depth, has this name in another spelling. */
function mayBeMisspelt(name: string, kind: EventKind): boolean {
  let ofKind = answers.get(kind)
  if (!ofKind) answers.set(kind, (ofKind = new Map<string, boolean>()))
  const known = ofKind.get(name)
  if (known !== undefined) return known
  const anywhere = (members: Members | true | undefined): boolean =>
    members !== undefined &&
    members !== true &&
    (misspelt(name, members) !== undefined || Object.values(members).some(anywhere))
  const answer = anywhere(EVENT_MEMBERS[kind])
  ofKind.set(name, answer)
  return answer
}

function membersAt(kind: EventKind, path: readonly string[]): Members | undefined {
  let members: Members | true | undefined = EVENT_MEMBERS[kind]
  for (const step of path) {
    if (members === undefined || members === true) return undefined
    members = Object.hasOwn(members, step) ? members[step] : undefined
  }
  return members === true ? undefined : members
}
