/**
 * Checks the values of fences against the pages: members that exist, references that are defined, tags where they make
 * sense.
 */
import type { Member, Source, Tagged, TypeRef, Value } from '../model.ts'
import { patternProblem } from './constraint.ts'
import type { Reading } from './page.ts'
import { resolvePath, splitPath } from './path.ts'
import { brokenConstraint } from './literal.ts'
import { parseRange } from './range.ts'
import { referenceProblems, type Variables } from './reference.ts'
import { didYouMean, nearest } from '../../base/suggest.ts'
import { toothless } from './toothless.ts'
import { GENERATORS, isTag, MATCHERS, VALUES } from './tags.ts'
import { heldBy, printType } from './type-ref.ts'
import { WIRE_KEYS } from './vocabulary.ts'
import { membersOf, type World } from './world.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { isList, isMapping, isTagged } from '../value-kinds.ts'

/** Where a value stands decides which tags it may bear. */
export type Use = 'generator' | 'request' | 'matcher'

const USES: { readonly [use in Use]: { readonly tags: readonly string[]; readonly words: string } } = {
  generator: { tags: GENERATORS, words: 'in `forAll`' },
  request: { tags: VALUES, words: 'in a request' },
  matcher: {
    tags: [...new Set<string>([...MATCHERS, 'zip', 'repeat', 'base64json', 'bytes'])],
    words: 'where an answer is matched',
  },
}

/** What a value of a YAML block is checked for: where it stands, and what it may refer to. */
export interface ValueCheck {
  readonly use: Use
  readonly variables: Variables
  readonly world: World
  readonly reading: Reading
}

/**
 * Checks a mapping of members, such as a request or what an answer must hold. `complete`: required members must be
 * there and literal values must be of the right type, all the way down.
 */
export function checkMembers(
  value: { readonly [member: string]: Value },
  members: readonly Member[],
  owner: string,
  source: Source,
  check: ValueCheck,
  complete = false,
): void {
  const { report, positions } = check.reading
  for (const [key, inner] of Object.entries(value)) {
    const keyed = positions.ofKey(value, key) ?? source
    const place = positions.ofValue(value, key) ?? source
    if (check.use === 'matcher' && isOneOf(WIRE_KEYS, key)) {
      checkValue(inner, undefined, place, check)
      continue
    }
    const known = members.filter(member => member.name === key)
    if (known.length === 0) {
      report.error(keyed, `${owner} has no member \`${key}\``, {
        wrong: key,
        known: members.map(member => member.name),
      })
    } else {
      // Two answers of one action may have a member of one name with two types; then neither can be held against the
      // value.
      const member = known.length === 1 ? known[0] : undefined
      checkValue(inner, member?.type, place, check, complete)
      const broken = complete && member !== undefined ? brokenConstraint(inner, member) : undefined
      if (broken !== undefined) report.error(place, `\`${key}\` breaks its own constraint \`${broken}\``)
    }
  }
  if (!complete) return
  for (const member of members) {
    if (!member.required || Object.hasOwn(value, member.name)) continue
    // What was meant by a mistyped name is not missing besides.
    const mistyped = Object.keys(value).some(
      key => nearest(key, [member.name]) !== undefined && !members.some(member => member.name === key),
    )
    if (!mistyped) report.error(source, `the required member \`${member.name}\` of ${owner} is missing`)
  }
}

/** Checks one value that stands for a member of `type`; of an unknown type only tags and references can be checked. */
export function checkValue(
  value: Value,
  type: TypeRef | undefined,
  source: Source,
  check: ValueCheck,
  complete = false,
): void {
  const { report, positions } = check.reading
  if (typeof value === 'string') {
    for (const problem of referenceProblems(value, check.variables, check.world)) report.error(source, problem)
    if (complete && type !== undefined && !value.includes('$')) checkLiteral(value, type, source, check)
  } else if (isTagged(value)) {
    checkTagged(value, type, check)
  } else if (isList(value)) {
    if (complete && type !== undefined && type.kind !== 'list' && !isFree(type))
      report.error(source, `a list stands where ${printType(type)} belongs`)
    const of = type?.kind === 'list' ? type.of : undefined
    value.forEach((one, index) => checkValue(one, of, positions.ofValue(value, index) ?? source, check, complete))
  } else if (isMapping(value)) {
    if (type?.kind === 'ref' && check.world.types.has(type.type)) {
      checkMembers(value, membersOf(check.world, type), type.type, source, check, complete)
      return
    }
    if (complete && type !== undefined && type.kind !== 'map' && type.kind !== 'ref' && !isFree(type))
      report.error(source, `a mapping stands where ${printType(type)} belongs`)
    for (const [key, inner] of Object.entries(value)) {
      for (const problem of referenceProblems(key, check.variables, check.world)) {
        if (!isOneOf(WIRE_KEYS, key)) report.error(positions.ofKey(value, key) ?? source, problem)
      }
      const of = type?.kind === 'map' ? type.value : undefined
      checkValue(inner, of, positions.ofValue(value, key) ?? source, check, complete)
    }
  } else if (complete && type !== undefined) {
    checkLiteral(value, type, source, check)
  }
}

/** Types whose values may be anything that JSON can say. */
const isFree = (type: TypeRef): boolean => type.kind === 'json' || type.kind === 'blob'

/** Whether a scalar of a YAML block is a value of a type. */
function isLiteralOf(type: TypeRef, value: string | number | boolean | null): boolean {
  switch (type.kind) {
    case 'string':
      return typeof value === 'string'
    case 'integer':
    case 'long':
      return Number.isInteger(value)
    case 'double':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'timestamp':
      return typeof value === 'string' || typeof value === 'number'
    default:
      return isFree(type)
  }
}

function checkLiteral(value: string | number | boolean | null, type: TypeRef, source: Source, check: ValueCheck): void {
  if (!isLiteralOf(type, value))
    check.reading.report.error(
      source,
      `\`${String(value)}\` stands where ${printType(type)} ` +
        `belongs${typeof value === 'number' && type.kind === 'string' ? '; put it in quotes' : ''}`,
    )
}

function checkTagged(tagged: Tagged, type: TypeRef | undefined, check: ValueCheck): void {
  const { report } = check.reading
  const { $tag: tag, value, source } = tagged
  if (!isTag(tag)) return
  const allowed = USES[check.use]
  if (!allowed.tags.includes(tag)) {
    report.error(
      source,
      `\`!${tag}\` has no place ${allowed.words}; tags there are ${allowed.tags.map(tag => `!${tag}`).join(', ')}`,
    )
    return
  }
  const wrong = argumentProblem(tag, value, check)
  if (wrong !== undefined) {
    report.error(source, wrong)
    return
  }
  const dull = check.use === 'matcher' ? toothless(tag, value) : undefined
  if (dull !== undefined) report.error(source, `nothing can break \`!${tag}\` here: ${dull}`)
  if (tag === 'oneOf' && isList(value))
    value.forEach((one, index) => checkValue(one, type, check.reading.positions.ofValue(value, index) ?? source, check))
  else if (tag === 'contains' && type?.kind === 'list') checkValue(value, type.of, source, check)
  else if (tag === 'every') checkValue(value, heldBy(type), source, check)
  else if (tag === 'not' || tag === 'equals') checkValue(value, type, source, check)
  else checkValue(value, undefined, source, check)
}

const UNKNOWN_THINGS: readonly string[] = ['uuid', 'version', 'name']

/** What is wrong with the argument of a tag. */
function argumentProblem(tag: string, value: Value, { use, world }: ValueCheck): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  const range = (): string | undefined => {
    if (text === undefined) return `\`!${tag}\` needs a range such as \`1..9\``
    if (text.includes('$')) return undefined
    const parsed = parseRange(text)
    return typeof parsed === 'string' ? parsed : undefined
  }
  switch (tag) {
    case 'integer':
    case 'between':
    case 'text':
      return range()
    case 'bytes':
    case 'length':
      return range()
    case 'boolean':
    case 'absent':
    case 'present':
      return value === null ? undefined : `\`!${tag}\` has no argument`
    case 'json':
      return use === 'generator' && value !== null ? '`!json` has no argument where it generates' : undefined
    case 'oneOf':
      return isList(value) && value.length > 0 ? undefined : '`!oneOf` needs a list that is not empty'
    case 'matches': {
      if (text === undefined) return '`!matches` needs a regular expression'
      const problem = patternProblem(text.replace(/\$\{[^}]*\}/g, 'x'))
      return problem === undefined ? undefined : `the pattern does not compile: ${problem}`
    }
    case 'unknown':
      return text !== undefined && UNKNOWN_THINGS.includes(text)
        ? undefined
        : `\`!unknown\` is of ${UNKNOWN_THINGS.join(', ')}${didYouMean(text ?? '', UNKNOWN_THINGS)}`
    case 'unique':
      return value === null || (text !== undefined && /^[A-Za-z][\w-]{0,19}$/.test(text))
        ? undefined
        : '`!unique` needs a stem of up to 20 letters, digits, `-` and `_`'
    case 'repeat':
      return isMapping(value) &&
        typeof value['text'] === 'string' &&
        typeof value['times'] === 'number' &&
        Object.keys(value).length === 2
        ? undefined
        : '`!repeat` needs `{text: TEXT, times: NUMBER}`'
    case 'zip':
      return isMapping(value) && Object.values(value).every(isFile)
        ? undefined
        : '`!zip` needs a mapping of file names to texts, or to `{plain: TEXT}`'
    case 'sha256':
    case 'size':
      return isMapping(value) || text !== undefined
        ? undefined
        : `\`!${tag}\` needs base64 text, such as \`$probe.ZipFile\`, or a mapping of file names to texts`
    case 'base64':
      return isMapping(value) &&
        Object.keys(value).length > 0 &&
        Object.keys(value).every(key => key === 'matches' || key === 'maxBytes')
        ? undefined
        : '`!base64` needs `{matches: RE, maxBytes: NUMBER}` or one of them'
    case 'list':
      return isMapping(value) &&
        value['of'] !== undefined &&
        Object.keys(value).every(key => key === 'of' || key === 'length')
        ? undefined
        : '`!list` needs `{of: GENERATOR, length: 0..5}`'
    case 'type':
      return text !== undefined && world.types.has(text)
        ? undefined
        : `there is no type \`${text ?? ''}\`${didYouMean(text ?? '', world.types.keys())}`
    case 'member':
      return memberProblem(text ?? '', world)
    default:
      return value === null && tag !== 'not' && tag !== 'equals' && tag !== 'contains'
        ? `\`!${tag}\` needs an argument`
        : undefined
  }
}

/** A file of an archive: its text, or `{plain: TEXT}` where nobody may execute it. */
function isFile(value: Value | undefined): boolean {
  return isMapping(value) ? Object.keys(value).join() === 'plain' : typeof value === 'string'
}

/** What is wrong with `Action.Path.To.Member`, or `Action.response.Path.To.Member`. */
export function memberProblem(text: string, world: World): string | undefined {
  const [name = '', ...rest] = splitPath(text)
  const action = world.actions.get(name)
  if (action === undefined) return `there is no action \`${name}\`${didYouMean(name, world.actions.keys())}`
  const answers = rest[0] === 'response'
  const path = answers ? rest.slice(1) : rest
  const members = answers ? action.responses.flatMap(response => response.members) : action.request
  const resolved = resolvePath(world, members, path, answers ? `the answer of ${name}` : name)
  return 'problem' in resolved ? resolved.problem : undefined
}
