/**
 * Whether the resources of a statement are of a kind that an action has: `s3:GetObject` is for objects, and a bucket is
 * none.
 */
import type { Statement } from '../application/model.ts'
import { actionFacts, actionsMatching } from '../data/iam.ts'
import { resourcesAskedAbout } from '../data/iam-beyond.ts'
import type { Value } from '../application/value.ts'
import type { Pattern } from '../application/arn-pattern.ts'
import { locateArn } from '../application/resource-arns.ts'

/** A literal, any text, any text without a slash or colon, one character, or one that is neither slash nor colon. */
type Token = string | { readonly kind: 'any' | 'name' | 'one' | 'char' }

/** An action that the resources of its statement cannot be for. */
export interface Unscoped {
  readonly action: string
  /** ARN patterns of the resources that it has; empty when it can be allowed on `*` alone. */
  readonly has: readonly string[]
}

/** The actions of a statement that none of its resources can be for; undefined parts of a resource may be anything. */
export function actionsWithoutResource(statement: Statement): readonly Unscoped[] {
  if (statement.notActions.length || statement.notResources.length || !statement.resources.length) return []
  if (statement.resources.some(one => one.string() === '' || isLeftToDeployment(one))) return []
  const resources = statement.resources.map(resource => locateArn(resource).map(located => tokensOf(located.pattern)))
  if (resources.some(alternatives => !alternatives.length)) return []
  const found: Unscoped[] = []
  for (const value of statement.actions) {
    const text = value.string()
    if (text === undefined || /^\*/.test(text)) continue
    const actions = /[*?]/.test(text) ? actionsMatching(text) : [text]
    const facts = actions.flatMap(action => {
      const known = actionFacts(action)
      return known ? [{ ...known, asked: resourcesAskedAbout(action) }] : []
    })
    if (!facts.length || facts.length !== actions.length) continue
    const fits = facts.some(({ resources: has, asked }) => {
      const wanted = [...has.map(arnTokens), ...asked.map(askedTokens)]
      return resources.some(alternatives =>
        alternatives.some(resource => isAny(resource) || wanted.some(one => meet(resource, one))),
      )
    })
    if (!fits)
      found.push({ action: text, has: [...new Set(facts.flatMap(fact => [...fact.resources, ...fact.asked]))] })
  }
  return found
}

/** An ARN of parameters whose defaults are empty: `arn:aws:iam::${Account}:role/${Name}` becomes one when it is deployed. */
function isLeftToDeployment(resource: Value): boolean {
  if (!resource.via.some(one => one.kind === 'parameter')) return false
  const [, , service, , account, ...rest] = (resource.text() ?? '').split(':')
  return (account === '' && service !== 's3') || /(^|\/)$/.test(rest.join(':'))
}

const isAny = (tokens: readonly Token[]): boolean =>
  tokens.length > 0 && tokens.every(token => typeof token !== 'string' && token.kind === 'any')

const tokensOf = (pattern: Pattern): readonly Token[] =>
  pattern.flatMap((piece): Token[] => {
    if (typeof piece === 'string') return [...piece]
    if (piece.kind === 'one') return [{ kind: 'one' }]
    return [{ kind: piece.kind === 'name' || piece.kind === 'here' || piece.kind === 'free' ? 'name' : 'any' }]
  })

/** `arn:${Partition}:s3:::${BucketName}/${ObjectName}`: a bucket has no slash in its name, other names may. */
const arnTokens = (arn: string): readonly Token[] =>
  arn.split(/(\$\{[^}]*\}|\*)/).flatMap((part): Token[] => {
    // Region and account of a resource that has them are never empty.
    if (part === '${Region}' || part === '${Account}') return [{ kind: 'char' }, { kind: 'name' }]
    if (part === '${Partition}' || part === '${BucketName}') return [{ kind: 'name' }]
    return part.startsWith('${') || part === '*' ? [{ kind: 'any' }] : [...part]
  })

/** What IAM is asked about is no pattern: a star in it is one. */
const askedTokens = (arn: string): readonly Token[] =>
  arn.split(/(\*)/).flatMap(part => (part === '*' ? [part] : arnTokens(part)))

/** Whether some text fits both. */
function meet(one: readonly Token[], other: readonly Token[]): boolean {
  let open = new Set<number>()
  const width = other.length + 1
  const seen = new Set<number>()
  open.add(0)
  const push = (next: Set<number>, left: number, right: number): void => {
    const key = left * width + right
    if (!seen.has(key)) {
      seen.add(key)
      next.add(key)
    }
  }
  while (open.size) {
    const next = new Set<number>()
    for (const key of open) {
      const left = Math.floor(key / width)
      const right = key % width
      if (left === one.length && right === other.length) return true
      const a = one[left]
      const b = other[right]
      const loopA = typeof a === 'object' && a.kind !== 'one' && a.kind !== 'char'
      const loopB = typeof b === 'object' && b.kind !== 'one' && b.kind !== 'char'
      // A run of characters ends, or takes what the other side has.
      if (loopA) push(next, left + 1, right)
      if (loopB) push(next, left, right + 1)
      if (a === undefined || b === undefined || !shareCharacter(a, b)) continue
      if (!(loopA && loopB)) push(next, loopA ? left : left + 1, loopB ? right : right + 1)
    }
    open = next
  }
  return false
}

function shareCharacter(one: Token, other: Token): boolean {
  if (typeof one === 'string' && typeof other === 'string') return one.toLowerCase() === other.toLowerCase()
  const takes = (token: Token, character: Token): boolean =>
    typeof token !== 'object' ||
    typeof character !== 'string' ||
    (token.kind !== 'name' && token.kind !== 'char') ||
    !/[/:]/.test(character)
  return takes(one, other) && takes(other, one)
}
