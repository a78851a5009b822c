/**
 * Constraints between the properties of a resource, as rows of a table on a page: what must hold when something else does. Each cell is a list of
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
 * | `A size 1..5`, `A unique` | so many items; no text stands twice in it (`A[].B unique`) |
 * | `A same B`, `A differs B` | the same text or resource; another one |
 * | `A of Type` | not known to be a resource of another type |
 * | `A is arn`, `A is json`, `A is reference` | no name of a resource where its ARN belongs; a text that is JSON; the resource of a template |
 * | `A service s3` | an ARN of that service, as far as it is known |
 *
 * `A[].B` are all items of a list, and `A->B` is a property of the resource that A refers to.
 */
import type { Value } from '../application/value.ts'
import { either } from '../application/arn-pattern.ts'
import type { Answer } from '../application/arn-pattern.ts'
import { locateArn } from '../application/resource-arns.ts'

export interface Constraint {
  readonly id: string
  /** Types of resources, `function` in any template, or `event:sqs`. */
  readonly types: readonly string[]
  readonly when: readonly Term[]
  readonly demand: readonly Term[]
  readonly message: string
  /** How it was proved: what rests on documentation alone only warns. `policy`: AWS takes it, and it is a decision against which the page speaks. */
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
  readonly paths: readonly string[]
  readonly argument: string
}

/** Whatever has properties: a resource, a function with what it inherits, an event source. */
export interface Subject {
  property(...path: readonly (string | number)[]): Value
  /** Whether what is not found at a path is not there: the names may be translated from those of another kind of template, and not all are. */
  tells(path: string): boolean
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
  ['is', /^(\S+) is (arn|json|reference)$/],
  ['service', /^(\S+) service (\S+)$/],
  ['size', /^(\S+) size (\d*\.\.\d*)$/],
  ['unique', /^(\S+) unique$/],
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

/** Where a constraint is surely broken, or undefined. */
export function brokenAt(subject: Subject, { when, demand }: Constraint): Value | undefined {
  if (!when.every(term => holds(subject, term, 'when') === 'yes')) return undefined
  const broken = demand.find(term => holds(subject, term, 'demand') === 'no')
  if (!broken || (broken.test === 'present' && broken.paths.some(path => !subject.tells(path)))) return undefined
  const places = [broken, ...when].flatMap(term => term.paths.flatMap(path => valuesAt(subject, path)))
  const found = broken.paths.flatMap(path => valuesAt(subject, path))
  const bad =
    broken.test === 'unique'
      ? firstDouble(found)
      : found.find(value => !value.isAbsent && test(value, broken, subject, 'demand') === 'no')
  return bad ?? places.find(value => !value.isAbsent) ?? places[0]
}

type Role = 'when' | 'demand'

function holds(subject: Subject, term: Term, role: Role): Answer {
  const values = term.paths.flatMap(path => valuesAt(subject, path))
  if (term.test === 'unique') return no(firstDouble(values) !== undefined)
  const answers = values.map(value => test(value, term, subject, role))
  if (term.test === 'present' || term.test === 'equal') return either(answers)
  // What is not there can break nothing, and be no reason either.
  if (!answers.length) return role === 'when' && term.test !== 'absent' ? 'no' : 'yes'
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes'
}

function valuesAt(subject: Subject, path: string): readonly Value[] {
  let values: readonly Value[] = [subject.property()]
  for (const step of path.split(/\.|(?=\[\])|(?=->)/)) {
    values = values.flatMap((value): readonly Value[] => {
      if (step === '[]') return value.items('single')
      if (step.startsWith('->')) return value.resource ? [value.resource.property(step.slice(2))] : []
      return [value.at(step)]
    })
  }
  return values.flatMap(value => (value.isUnknown ? value.possible() : [value]))
}

/** The first value whose text stood before. */
function firstDouble(values: readonly Value[]): Value | undefined {
  const seen = new Set<string>()
  return values.find(value => {
    const text = value.string()
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

const opposite = (answer: Answer): Answer => (answer === 'unknown' ? answer : answer === 'yes' ? 'no' : 'yes')

const no = (fault: boolean): Answer => (fault ? 'no' : 'yes')

function test(value: Value, { test: what, argument }: Term, subject: Subject, role: Role): Answer {
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
      return no(new RegExp(argument, 'u').test(seen) !== (what === 'match'))
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
      const other = /^\d+$/.test(argument) ? Number(argument) : valuesAt(subject, argument)[0]?.number()
      return one === undefined || other === undefined ? 'unknown' : no(one > other)
    }
    case 'is':
      // A serverless.yml names roles by their logical ids, too.
      if (argument === 'arn' && !subject.tells('') && value.kind !== 'reference') return 'unknown'
      return argument === 'arn' ? isArn(value) : argument === 'json' ? isJson(value) : no(value.kind === 'string')
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
      return isSame(value, valuesAt(subject, argument)[0])
    case 'differs':
      return opposite(isSame(value, valuesAt(subject, argument)[0]))
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

function isJson(value: Value): Answer {
  const text = value.string()
  if (text === undefined) return value.kind === 'map' || value.kind === 'list' ? 'no' : 'unknown'
  try {
    const parsed: unknown = JSON.parse(text)
    return no(typeof parsed !== 'object' || parsed === null)
  } catch {
    return 'no'
  }
}

function isOfService(value: Value, service: string): Answer {
  const answers = locateArn(value).map((located): Answer => {
    const start = located.pattern.map(piece => (typeof piece === 'string' ? piece : '\0')).join('')
    const found = /^(?:arn|\0):[^:]*:([a-z0-9-]+):/.exec(start)?.[1]
    return found === undefined ? 'unknown' : no(!service.split('|').includes(found))
  })
  return either(answers.length ? answers : ['unknown'])
}
