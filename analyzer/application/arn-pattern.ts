/**
 * Resource patterns of policies, and the resources that code needs, of which parts are known only after deployment.
 * Says whether the one surely covers the other, surely does not, or neither.
 */

/**
 * - a text: literal characters.
 * - `any`: `*` of a policy, or a part of a needed resource about which nothing is known, such as the key of an object.
 * - `one`: `?` of a policy.
 * - `here`: partition, region or account of a needed resource; whatever a policy says there is taken to be right.
 * - `free`: a name that is not known, without `:` and `/`.
 * - `symbol`: one text, not known, the same wherever it stands: `AWS::StackName`, a parameter without default.
 * - `name`: what CloudFormation calls a resource that has no name of its own: no two have the same, and it ends in
 *   letters that nobody can guess.
 */
export type Piece =
  | string
  | { readonly kind: 'any' | 'one' | 'here' | 'free' }
  | { readonly kind: 'symbol' | 'name'; readonly id: string }

/** A text of which parts are not known, piece by piece. */
export type Pattern = readonly Piece[]

/** Any text, as `*` in a policy. */
export const ANY: Piece = { kind: 'any' }
/** The partition, Region or account of the deployment. */
export const HERE: Piece = { kind: 'here' }
/** Any text without `:` and `/`. */
export const FREE: Piece = { kind: 'free' }
const ONE: Piece = { kind: 'one' }
/** A part that is not known, but the same wherever it has this id. */
export const symbol = (id: string): Piece => ({ kind: 'symbol', id })
/** The name that CloudFormation makes for a resource. */
export const generatedName = (id: string): Piece => ({ kind: 'name', id })

/** A text of a policy, its `*` and `?` read as wildcards, and so are IAM's own variables such as `${aws:username}`. */
export function wildcards(text: string): Pattern {
  return text
    .split(/(\*|\?|\$\{[^{}]*\})/)
    .filter(part => part !== '')
    .map(wildcard)
}

function wildcard(part: string): Pattern[number] {
  if (part === '*' || part.startsWith('${')) return ANY
  return part === '?' ? ONE : part
}

/** Whether something holds, when parts of it may not be known. */
export type Answer = 'yes' | 'no' | 'unknown'

/** Whether a pattern of a policy covers a needed resource, whatever becomes of the parts that are not known. */
export function coversResource(granted: Pattern, needed: Pattern): Answer {
  const pattern = units(granted)
  const resource = units(needed)
  if (surely(pattern, resource)) return 'yes'
  return possibly(pattern, resource.flatMap(spell)) ? 'unknown' : 'no'
}

/** The weakest of several answers, all of which must hold. */
export function every(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no'
  return answers.includes('unknown') ? 'unknown' : 'yes'
}

const OPPOSITES = { yes: 'no', no: 'yes', unknown: 'unknown' } as const

/** `yes` for `no` and the other way round. */
export const opposite = (answer: Answer): Answer => OPPOSITES[answer]

/** The strongest of several answers, one of which must hold. */
export function either(answers: Iterable<Answer>): Answer {
  let best: Answer = 'no'
  for (const answer of answers) {
    if (answer === 'yes') return 'yes'
    if (answer === 'unknown') best = 'unknown'
  }
  return best
}

/** Characters and pieces one by one. `letters` and `unguessable` are the two halves of a generated name. */
type Unit =
  | string
  | Exclude<Piece, string>
  | { readonly kind: 'letters'; readonly id: string }
  | { readonly kind: 'unguessable' }

const units = (pattern: Pattern): Unit[] =>
  pattern.flatMap((piece): Unit[] => (typeof piece === 'string' ? [...piece] : [piece]))

/** A generated name as what it is made of, so that `table/prod-*` may be found to fit it. */
const spell = (unit: Unit): readonly Unit[] =>
  typeof unit !== 'string' && unit.kind === 'name'
    ? [{ kind: 'letters', id: unit.id }, { kind: 'unguessable' }]
    : [unit]

const kind = (unit: Unit): string => (typeof unit === 'string' ? 'text' : unit.kind)
const same = (one: Unit, other: Unit): boolean =>
  typeof one === 'string' || typeof other === 'string'
    ? one === other
    : one.kind === other.kind && 'id' in one && 'id' in other && one.id === other.id

/** Whether the pattern covers every text that the resource may turn out to be. */
function surely(pattern: readonly Unit[], resource: readonly Unit[]): boolean {
  return fits(pattern, resource, {
    skipsResource: unit => kind(unit) === 'here',
    takesPattern: (unit, of) => kind(of) === 'here' && unit !== ':' && kind(unit) !== 'any',
    skipsPattern: unit => kind(unit) === 'any',
    takesResource: unit => kind(unit) === 'any',
    pairs: (unit, of) => (same(unit, of) || (kind(unit) === 'one' && kind(of) === 'text') ? 1 : 0),
  })
}

/** Whether there is any text that the resource may turn out to be, and that the pattern may turn out to cover. */
function possibly(pattern: readonly Unit[], resource: readonly Unit[]): boolean {
  const loose = (unit: Unit): boolean => kind(unit) === 'any' || kind(unit) === 'symbol'
  return fits(pattern, resource, {
    skipsResource: unit => loose(unit) || kind(unit) === 'here' || kind(unit) === 'free' || kind(unit) === 'letters',
    takesPattern(unit, of) {
      if (loose(of)) return true
      if (kind(of) === 'here') return unit !== ':'
      if (kind(of) === 'letters') return unit !== ':' && unit !== '/' && kind(unit) !== 'name'
      return kind(of) === 'free' && unit !== ':' && unit !== '/'
    },
    skipsPattern: loose,
    takesResource: loose,
    pairs(unit, of) {
      if (typeof unit === 'object' && unit.kind === 'name' && typeof of === 'object' && of.kind === 'letters')
        return unit.id === of.id ? 2 : 0
      return same(unit, of) || (kind(unit) === 'one' && (kind(of) === 'text' || kind(of) === 'unguessable')) ? 1 : 0
    },
  })
}

interface Steps {
  /** A piece of the resource may be empty. */
  readonly skipsResource: (unit: Unit) => boolean
  /** A piece of the resource (`of`) may hold a piece of the pattern, and go on. */
  readonly takesPattern: (unit: Unit, of: Unit) => boolean
  /** A piece of the pattern may be empty. */
  readonly skipsPattern: (unit: Unit) => boolean
  /** A piece of the pattern may hold any piece of the resource, and go on. */
  readonly takesResource: (unit: Unit) => boolean
  /** The two are the same, and both are done with: so many pieces of the resource, 0 when they are not. */
  readonly pairs: (unit: Unit, of: Unit) => 0 | 1 | 2
}

/**
 * Walks both from the end, each pair of places once: time grows with the product of the lengths, whatever the pattern.
 */
function fits(pattern: readonly Unit[], resource: readonly Unit[], steps: Steps): boolean {
  const width = resource.length + 1
  let below: boolean[] = []
  for (let i = pattern.length; i >= 0; i--) {
    const row: boolean[] = new Array<boolean>(width).fill(false)
    const unit = pattern[i]
    for (let j = resource.length; j >= 0; j--) {
      const of = resource[j]
      row[j] =
        (unit === undefined && of === undefined) ||
        (of !== undefined &&
          row[j + 1] === true &&
          (steps.skipsResource(of) || (unit !== undefined && steps.takesResource(unit)))) ||
        (unit !== undefined &&
          below[j] === true &&
          (steps.skipsPattern(unit) || (of !== undefined && steps.takesPattern(unit, of)))) ||
        (unit !== undefined && of !== undefined && paired(steps.pairs(unit, of), below, j))
    }
    below = row
  }
  return below[0] === true
}

const paired = (pieces: 0 | 1 | 2, below: readonly boolean[], at: number): boolean =>
  pieces > 0 && below[at + pieces] === true
