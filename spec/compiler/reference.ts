/** `$variable.path` and `${variable.path}` in the strings of fences. */
import type { Member } from '../model.ts'
import { resolvePath } from './path.ts'
import { didYouMean } from '../../base/suggest.ts'
import { WIRE_KEYS } from './vocabulary.ts'
import type { World } from './world.ts'
import { isOneOf } from '../../base/is-one-of.ts'

/** What may be read from a variable. */
export type Readable =
  | { readonly kind: 'anything' }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** Members of a request or an answer; `wire` when `$status` and its like can be read too. */
  | { readonly kind: 'members'; readonly members: readonly Member[]; readonly wire: boolean }

/** What a block may refer to by `$name`, with what can be read of each. */
export type Variables = ReadonlyMap<string, Readable>

const WHOLE = /^\$([A-Za-z][\w-]*)((?:\.[\w$-]+)*)$/
const INSIDE = /\$\{([A-Za-z][\w-]*)((?:\.[\w$-]+)*)\}/g

/** The literal name of the unpublished version is no reference. */
const LATEST = /^\$LATEST(?!\w)/

/** What is wrong with the references of a string, each as a sentence. */
export function referenceProblems(text: string, variables: Variables, world: World): readonly string[] {
  if (!text.includes('$')) return []
  const whole = text.startsWith('$$') || LATEST.test(text) ? null : WHOLE.exec(text)
  if (whole !== null) return problemOf(whole[1] ?? '', pathOf(whole[2] ?? ''), variables, world)
  const problems = [...text.matchAll(INSIDE)].flatMap(match =>
    problemOf(match[1] ?? '', pathOf(match[2] ?? ''), variables, world),
  )
  if (text.replace(INSIDE, '').includes('${'))
    problems.push(`\`${text}\` holds a \`\${\` that is no reference; write \`\${name.Member}\``)
  if (/^\$[A-Za-z]/.test(text) && !LATEST.test(text)) {
    problems.push(
      `\`${text}\` begins like a reference and goes on as text; write \`\${name.Member}\` inside of text, ` +
        `or \`$$\` for a literal \`$\``,
    )
  }
  return problems
}

const pathOf = (dotted: string): readonly string[] => (dotted === '' ? [] : dotted.slice(1).split('.'))

function problemOf(name: string, path: readonly string[], variables: Variables, world: World): readonly string[] {
  const readable = variables.get(name)
  if (readable === undefined) {
    const known = [...variables.keys()].map(key => `$${key}`)
    return [`there is no variable \`$${name}\` here; known are ${known.join(', ')}${didYouMean(`$${name}`, known)}`]
  }
  const first = path[0]
  if (readable.kind === 'anything' || first === undefined) return []
  if (readable.kind === 'names') {
    return readable.names.includes(first)
      ? []
      : [`\`$${name}\` has no \`${first}\`; it has ${readable.names.join(', ')}${didYouMean(first, readable.names)}`]
  }
  if (readable.wire && isOneOf(WIRE_KEYS, first)) return []
  // A name may stand in both the request and the answer, with two types.
  const candidates = readable.members.filter(member => member.name === first)
  const tries = (candidates.length === 0 ? [readable.members] : candidates.map(candidate => [candidate])).map(members =>
    resolvePath(world, members, path, `\`$${name}\``),
  )
  if (tries.some(attempt => 'type' in attempt)) return []
  return tries.slice(0, 1).map(attempt => ('problem' in attempt ? attempt.problem : ''))
}
