/**
 * Constraints between the properties of a resource, as rows of a table on a page: what must hold when something else
 * does. Each cell is a list of
 * terms, joined by commas, all of which must hold:
 *
 * | term | holds when |
 * | --- | --- |
 * | `A.B` | it is there; `A\|B`: one of them is |
 * | `no A` | it is not |
 * | `A = x\|y`, `A != x` | its text is one of these, or is none of them; what is absent is none |
 * | `A ~ re`, `A !~ re` | its text fits the expression, or does not |
 * | `A in 1..9`, `A <= B` | a number in the range, or no larger than another |
 * | `A keys !~ re` | none of its keys fits |
 * | `A size 1..5`, `A unique`, `A unique re` | so many items; no text stands twice in it (`A[].B unique`), or none that the expression captures |
 * | `A among B\|C` | its text is in each list at B and C, or one of the texts there |
 * | `A same B`, `A differs B` | the same text or resource; another one |
 * | `A of Type` | not known to be a resource of another type |
 * | `A is arn`, `A is reference` | no name of a resource where its ARN belongs; the resource of a template |
 * | `A is json`, `A is any-json` | a text that is a map or list in JSON; any JSON |
 * | `A is pattern`, `A is pattern:a\|b` | a pattern of events: its leaves are lists, and its first keys among these |
 * | `A is timezone`, `A is action` | one of IANA's time zones; an action of IAM that is known |
 * | `A service s3` | an ARN of that service, as far as it is known |
 *
 * `Function.A` is a property of the function that an event source calls, `A[].B` are all items of a list, and `A->B` is
 * a property of the resource that A refers to.
 */
import type { Value } from '../application/value.ts'
import { either, every, opposite } from '../application/arn-pattern.ts'
import type { Answer } from '../application/arn-pattern.ts'
import { actionFacts } from '../data/iam.ts'
import { locateArn } from '../application/resource-arns.ts'

/** What must hold of resources of some types when a condition holds, as data. */
export interface Constraint {
  readonly id: string
  /** Types of resources, `function` in any template, or `event:sqs`. */
  readonly types: readonly string[]
  readonly when: readonly Term[]
  readonly demand: readonly Term[]
  readonly message: string
  /**
   * How it was proved: what rests on documentation alone only warns. `policy`: AWS takes it, and it is a decision
   * against which the page speaks.
   */
  readonly proof: 'schema' | 'recorded' | 'documentation' | 'policy'
}

interface Term {
  readonly test:
    | 'present'
    | 'absent'
    | 'equal'
    | 'unequal'
    | 'match'
    | 'mismatch'
    | 'range'
    | 'most'
    | 'keys'
    | 'is'
    | 'service'
    | 'size'
    | 'unique'
    | 'same'
    | 'differs'
    | 'of'
    | 'among'
  readonly paths: readonly string[]
  readonly argument: string
}

/** Whatever has properties: a resource, a function with what it inherits, an event source. */
export interface Subject {
  property(...path: readonly (string | number)[]): Value
  /**
   * Whether what is not found at a path is not there: the names may be translated from those of another kind of
   * template, and not all are.
   */
  tells(path: string): boolean
  /** The function that an event source calls: `Function.Timeout` is a property of it. */
  readonly fn?: { property(...path: readonly (string | number)[]): Value }
  /** The condition without which it is not made. */
  readonly condition?: string | undefined
}

/** A deployment as far as it matters: whether a condition of the template holds. */
interface Deployment {
  readonly condition?: string
  readonly holds?: boolean
}

/** The rows of the table of a page; throws for one that cannot be read. */
export function readConstraints(markdown: string): readonly Constraint[] {
  const lines = markdown.split('\n')
  const start = lines.findIndex(line => /^\| Id \| Of \| When \| Demand \| What \| Proof \|/.test(line))
  if (start === -1) return []
  const rows: Constraint[] = []
  for (let at = start + 2; lines[at]?.startsWith('|'); at++) {
    const cells = (lines[at] ?? '')
      .replace(/^\| | \|$/g, '')
      .split(/ \| /)
      .map(cell => cell.replace(/^`|`$/g, '').replaceAll('\\|', '|'))
    const [id = '', of = '', when = '', demand = '', message = '', proof = ''] = cells
    if (cells.length !== 6 || !/^(schema|recorded|documentation|policy)$/.test(proof))
      throw new Error(`no constraint: ${lines[at]}`)
    rows.push({
      id,
      types: of.split(', '),
      when: when === '-' ? [] : terms(when),
      demand: terms(demand),
      message,
      proof: proof as Constraint['proof'],
    })
  }
  return rows
}

const terms = (text: string): readonly Term[] => text.split(/, (?=(?:no )?[A-Za-z])/).map(readTerm)

const OPERATORS: readonly (readonly [test: Term['test'], form: RegExp])[] = [
  ['absent', /^no (\S+)$/],
  ['unequal', /^(\S+) != (.+)$/],
  ['equal', /^(\S+) = (.+)$/],
  ['keys', /^(\S+) keys !~ (.+)$/],
  ['mismatch', /^(\S+) !~ (.+)$/],
  ['match', /^(\S+) ~ (.+)$/],
  ['range', /^(\S+) in (-?\d*\.\.-?\d*)$/],
  ['most', /^(\S+) <= (\S+)$/],
  ['is', /^(\S+) is (arn|json|any-json|reference|timezone|action|pattern(?::\S+)?)$/],
  ['service', /^(\S+) service (\S+)$/],
  ['size', /^(\S+) size (\d*\.\.\d*)$/],
  ['unique', /^(\S+) unique(?: (\S+))?$/],
  ['among', /^(\S+) among (\S+)$/],
  ['same', /^(\S+) same (\S+)$/],
  ['differs', /^(\S+) differs (\S+)$/],
  ['of', /^(\S+) of (\S+)$/],
  ['present', /^([\w.[\]|>-]+)$/],
]

function readTerm(text: string): Term {
  for (const [test, form] of OPERATORS) {
    const match = form.exec(text)
    if (match) return { test, paths: (match[1] ?? '').split('|'), argument: match[2] ?? '' }
  }
  throw new Error(`no term of a constraint: ${text}`)
}

/**
 * Where a constraint is broken, whatever is chosen at deployment, or with one answer to a condition of the template;
 * undefined where it is not.
 */
export function brokenAt(subject: Subject, constraint: Constraint): Value | undefined {
  const met = new Set<string>()
  const always = brokenIn({ subject, deployment: {}, met }, constraint)
  if (always) return always
  for (const deployment of deploymentsOf(subject, met)) {
    const found = brokenIn({ subject, deployment, met }, constraint)
    if (found) return found
  }
  return undefined
}

/** Conditions may hang together: beside its own condition no other is taken for free. */
function deploymentsOf({ condition: own }: Subject, met: ReadonlySet<string>): readonly Deployment[] {
  if (own !== undefined) return met.has(own) ? [{ condition: own, holds: true }] : []
  return [...met].flatMap(condition => [
    { condition, holds: true },
    { condition, holds: false },
  ])
}

/** What a term is held against; `met` collects the conditions on the way. */
interface Scene {
  readonly subject: Subject
  readonly deployment: Deployment
  readonly met: Set<string>
}

function brokenIn(scene: Scene, { when, demand }: Constraint): Value | undefined {
  if (!when.every(term => holds(scene, term, 'when') === 'yes')) return undefined
  const broken = demand.find(term => holds(scene, term, 'demand') === 'no')
  if (!broken || (broken.test === 'present' && broken.paths.some(path => !scene.subject.tells(path)))) return undefined
  const places = [broken, ...when].flatMap(term => term.paths.flatMap(path => valuesAt(scene, path)))
  const found = broken.paths.flatMap(path => valuesAt(scene, path))
  const bad =
    broken.test === 'unique'
      ? firstDouble(found, broken.argument)
      : found.find(value => !value.isAbsent && test(value, broken, scene, 'demand') === 'no')
  return bad ?? places.find(value => !value.isAbsent) ?? places[0]
}

type Role = 'when' | 'demand'

function holds(scene: Scene, term: Term, role: Role): Answer {
  const values = term.paths.flatMap(path => valuesAt(scene, path))
  if (term.test === 'unique') return no(firstDouble(values, term.argument) !== undefined)
  const answers = values.map(value => test(value, term, scene, role))
  if (term.test === 'present' || term.test === 'equal') return either(answers)
  // What is not there can break nothing, and be no reason either.
  if (!answers.length) return role === 'when' && term.test !== 'absent' ? 'no' : 'yes'
  return every(answers)
}

function valuesAt(scene: Scene, path: string): readonly Value[] {
  const { fn } = scene.subject
  const ofFunction = path.startsWith('Function.')
  if (ofFunction && !fn) return []
  const root = ofFunction && fn ? fn.property() : scene.subject.property()
  let values: readonly Value[] = [chosen(root, scene)]
  for (const step of path.replace(/^Function\./, '').split(/\.|(?=\[\])|(?=->)/)) {
    values = values.flatMap((value): readonly Value[] => {
      if (step === '[]') return value.items('single').map(item => chosen(item, scene))
      if (step.startsWith('->')) return value.resource ? [value.resource.property(step.slice(2))] : []
      return [chosen(value.at(step), scene)]
    })
  }
  return values.flatMap(value => (value.isUnknown && !value.choice ? value.possible() : [value]))
}

/** The branch that a deployment takes, as far as it says which. */
function chosen(value: Value, scene: Scene): Value {
  const { choice } = value
  if (!choice) return value
  if (choice.condition !== scene.deployment.condition) {
    scene.met.add(choice.condition)
    return value
  }
  return chosen(scene.deployment.holds ? choice.yes : choice.no, scene)
}

/** The first value whose text, or what an expression captures of it, stood before. */
function firstDouble(values: readonly Value[], expression: string): Value | undefined {
  const seen = new Set<string>()
  return values.find(value => {
    const whole = value.string()
    const text = expression === '' ? whole : new RegExp(expression, 'u').exec(whole ?? '')?.[1]
    if (text === undefined) return false
    const isDouble = seen.has(text)
    seen.add(text)
    return isDouble
  })
}

/** Whether two values are the same: the same text, or the same resource. */
function isSame(one: Value, other: Value | undefined): Answer {
  if (!other || other.isAbsent) return 'unknown'
  const [text, against] = [one.string(), other.string()]
  if (text !== undefined && against !== undefined) return text === against ? 'yes' : 'no'
  const [a, b] = [one.reference, other.reference]
  if (!a || !b || a.attribute !== b.attribute) return 'unknown'
  if (a.id === b.id) return 'yes'
  return one.resource && other.resource ? 'no' : 'unknown'
}

const no = (fault: boolean): Answer => (fault ? 'no' : 'yes')

/** What may stand where a part of a text is not known: a fault is one whatever stands there. */
const HOLES = ['a', 'A', '0', 'a-0', '/', '.', '*']

function test(value: Value, { test: what, argument }: Term, scene: Scene, role: Role): Answer {
  const { subject } = scene
  if (what === 'present') return value.kind === 'unknown' ? 'unknown' : no(value.isAbsent || value.kind === 'null')
  if (what === 'absent') return value.kind === 'unknown' ? 'unknown' : no(!value.isAbsent && value.kind !== 'null')
  if (value.isAbsent) return what === 'equal' || (role === 'when' && what !== 'unequal') ? 'no' : 'yes'
  const text = value.string()
  switch (what) {
    case 'equal':
      return text === undefined ? 'unknown' : no(!argument.split('|').includes(text))
    case 'unequal':
      return text === undefined ? 'unknown' : no(argument.split('|').includes(text))
    case 'match':
    case 'mismatch': {
      const seen = text ?? (value.kind === 'joined' ? value.text('\0') : undefined)
      // An end that is not known may be anything.
      if (seen === undefined || (text === undefined && /^\0|\0$/.test(seen))) return 'unknown'
      const form = new RegExp(argument, 'u')
      return no(HOLES.every(hole => form.test(seen.replaceAll('\0', hole)) !== (what === 'match')))
    }
    case 'keys':
      return value.kind === 'map' ? no(value.keys().some(key => new RegExp(argument, 'u').test(key))) : 'unknown'
    case 'range': {
      const number = value.number()
      const [least = '', most = ''] = argument.split('..')
      if (number === undefined) return 'unknown'
      return no((least !== '' && number < Number(least)) || (most !== '' && number > Number(most)))
    }
    case 'most': {
      const one = value.number()
      const other = /^\d+$/.test(argument) ? Number(argument) : valuesAt(scene, argument)[0]?.number()
      return one === undefined || other === undefined ? 'unknown' : no(one > other)
    }
    case 'is':
      // A serverless.yml names roles by their logical ids, too.
      if (argument === 'arn' && !subject.tells('') && value.kind !== 'reference') return 'unknown'
      return isOfKind(value, argument)
    case 'service':
      return isOfService(value, argument)
    case 'size': {
      const [least = '', most = ''] = argument.split('..')
      if (value.kind !== 'list' || value.open) return 'unknown'
      const size = value.items().filter(item => !item.isAbsent).length
      if (most !== '' && value.items().filter(item => item.isKnown).length > Number(most)) return 'no'
      if (value.items().some(item => item.isUnknown)) return 'unknown'
      return no((least !== '' && size < Number(least)) || (most !== '' && size > Number(most)))
    }
    case 'unique':
      return 'yes'
    case 'same':
      return isSame(value, valuesAt(scene, argument)[0])
    case 'differs':
      return opposite(isSame(value, valuesAt(scene, argument)[0]))
    case 'among':
      return text === undefined ? 'unknown' : isAmong(text, argument, scene)
    case 'of':
      return value.resource ? no(!argument.split('|').includes(value.resource.type)) : 'unknown'
  }
}

/** Resources whose `Ref` is a name, an id or a URL. */
const NAMED =
  /^AWS::(IAM::Role|SQS::Queue|DynamoDB::(Table|GlobalTable)|Kinesis::Stream|(Lambda|Serverless)::Function|S3::Bucket|KMS::Key|Events::EventBus|Logs::LogGroup|Serverless::SimpleTable|KinesisFirehose::DeliveryStream|EFS::AccessPoint)$/

function isArn(value: Value): Answer {
  if (value.kind === 'reference')
    return value.reference?.attribute === 'Ref' && value.resource ? no(NAMED.test(value.resource.type)) : 'unknown'
  const text = value.string()
  return text === undefined ? 'unknown' : no(!/^(arn:|\$\{|\{\{)/.test(text))
}

function isOfKind(value: Value, argument: string): Answer {
  const [kind = '', keys] = argument.split(':')
  switch (kind) {
    case 'arn':
      return isArn(value)
    case 'reference':
      return no(value.kind === 'string')
    case 'pattern':
      return isPattern(value, keys?.split('|'))
  }
  const text = value.string()
  if (text === undefined)
    return /^json/.test(kind) && (value.kind === 'map' || value.kind === 'list') ? 'no' : 'unknown'
  if (kind === 'action') return no(actionFacts(text) === undefined)
  if (kind === 'timezone') return no(!isTimeZone(text))
  const parsed = parsedJson(text)
  return no(parsed === undefined || (kind === 'json' && (typeof parsed !== 'object' || parsed === null)))
}

/** What a text is as JSON; undefined when it is none. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}

/** Whether a map, or the JSON of a text, may be a pattern of events. */
function isPattern(value: Value, keys: readonly string[] | undefined): Answer {
  const text = value.string()
  if (text !== undefined) {
    const parsed = parsedJson(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'no'
    return no(
      (keys !== undefined && Object.keys(parsed).some(key => !keys.includes(key))) ||
        !Object.values(parsed).every(isLeafed),
    )
  }
  if (value.kind !== 'map') return value.kind === 'list' ? 'no' : 'unknown'
  if (keys !== undefined && value.keys().some(key => !keys.includes(key) && !key.startsWith('Fn::'))) return 'no'
  return no(hasBareLeaf(value))
}

/** Whether every leaf of a pattern is a list of what may stand there; `$or` holds patterns. */
const isLeafed = (node: unknown): boolean =>
  Array.isArray(node) || (typeof node === 'object' && node !== null && Object.values(node).every(isLeafed))

const hasBareLeaf = (map: Value): boolean =>
  map
    .entries()
    .some(({ value }) =>
      value.kind === 'map' ? hasBareLeaf(value) : /^(string|number|boolean|null)$/.test(value.kind),
    )

/** Whether a text is in every list at some paths, and among the texts there, as far as all of them are known. */
function isAmong(text: string, paths: string, scene: Scene): Answer {
  const found = paths.split('|').flatMap(path => valuesAt(scene, path).filter(value => !value.isAbsent))
  const lists = found.filter(value => value.kind === 'list').map(value => value.items())
  const single = found.filter(value => value.kind !== 'list')
  const groups = [...lists, ...(single.length ? [single] : [])].filter(group => group.length > 0)
  if (groups.some(group => group.every(one => one.string() !== undefined && one.string() !== text))) return 'no'
  return groups.some(group => group.some(one => one.string() === undefined)) ? 'unknown' : 'yes'
}

function isOfService(value: Value, service: string): Answer {
  const answers = locateArn(value).map((located): Answer => {
    const start = located.pattern.map(piece => (typeof piece === 'string' ? piece : '\0')).join('')
    const found = /^(?:arn|\0):[^:]*:([a-z0-9-]+):/.exec(start)?.[1]
    return found === undefined ? 'unknown' : no(!service.split('|').includes(found))
  })
  return either(answers.length ? answers : ['unknown'])
}
