/** What one result says of its cause. The texts that are read here are those of the suites' judgements. */
import type { CaseResult } from './evidence.ts'
import { isValidation } from './unvalidated.ts'

/** A cause that is known by its kind: its id, and the sentence that a report shows. */
export interface Diagnosis {
  readonly id: string
  readonly title: string
}

/** `unvalidated`: a faulty request was accepted; what it has in common with the others is looked at together. */
type Given = Diagnosis | 'unvalidated'

/** Actions whose smallest valid request, or any of them, is not answered as documented; each with what is wrong. */
type BrokenActions = ReadonlyMap<string, Diagnosis>

/** For each result that speaks against the endpoint what it comes of. */
export function diagnose(
  results: readonly CaseResult[],
  against: readonly CaseResult[],
): ReadonlyMap<CaseResult, Given> {
  const broken = brokenActions(results)
  return new Map(against.map(one => [one, diagnosisOf(one, broken)]))
}

function diagnosisOf(one: CaseResult, broken: BrokenActions): Given {
  if (one.verdict === 'unsupported') return missing(one)
  if (one.verdict === 'inconclusive') return unjudged(one, broken)
  const came = cameOf(one)
  if (one.family === 'valid') return broken.get(one.action ?? '') ?? answerOf(one)
  if (isValidation(one)) return ofFault(one, came)
  const wanted = wantedError(one)
  if (wanted !== undefined) return ofError(one, wanted, came)
  return ofAnswer(one, came, broken) ?? { id: `clause.${one.clause.id}`, title: withoutStop(one.clause.text) }
}

function missing(one: CaseResult): Diagnosis {
  const action = one.action ?? /does not implement (\w+)/.exec(one.reason ?? '')?.[1]
  if (action === undefined)
    return { id: `missing.${one.clause.id}`, title: `Not implemented: ${withoutStop(one.clause.text)}` }
  return { id: `missing.${action}`, title: `${action} is not implemented` }
}

/** What could not be judged because an action that it needs is broken goes with that action. */
function unjudged(one: CaseResult, broken: BrokenActions): Diagnosis {
  const reason = one.reason ?? 'no reason given'
  for (const word of reason.slice(0, 2000).match(/\w+/g) ?? []) {
    const diagnosis = broken.get(word)
    if (diagnosis !== undefined) return diagnosis
  }
  const own = broken.get(one.action ?? '')
  if (own !== undefined && reason.startsWith('the same request without the fault')) return own
  const plain = reason.replace(/\d+/g, 'N').replace(/[\w-]*lambdacheck[\w:-]*/g, 'NAME')
  return { id: `unjudged.${plain.slice(0, 80)}`, title: `Could not be judged: ${withoutStop(reason).slice(0, 200)}` }
}

function brokenActions(results: readonly CaseResult[]): BrokenActions {
  const found = new Map<string, Diagnosis>()
  for (const one of results) {
    if (one.family !== 'valid' || one.verdict !== 'fail' || one.action === undefined || one.expectedFailure) continue
    found.set(one.action, answerOf(one))
  }
  return found
}

/** Of a valid request. What is wrong with one member is the same wherever the member is answered. */
function answerOf(one: CaseResult): Diagnosis {
  const action = one.action ?? one.clause.id
  const came = cameOf(one)
  if (came.status !== undefined && came.status >= 400)
    return { id: `answer.${action}`, title: `${action} answers a legal request with ${describe(came)}` }
  const member = /^([A-Z][\w.[\]{}]*) (always comes|is|keeps to|comes back|has|ends|begins)\b/.exec(one.reason ?? '')
  if (member?.[1] === undefined || member[1] === action || one.actual?.startsWith('status ') === true)
    return {
      id: `answer.${action}`,
      title: `${action} answers ${one.actual ?? 'otherwise'} where ${one.expected ?? 'something else'} is due`,
    }
  const name = lastName(member[1])
  const said = withoutStop((one.reason ?? '').replace(/ \(and \d+ more\)$/, '').replace(/, says spec\/\S+$/, ''))
  return {
    id: `member.${name}`,
    title: `${said}; ${one.actual === 'no such member' ? 'it does not come' : `what comes is ${(one.actual ?? 'another').slice(0, 80)}`}`,
  }
}

function ofFault(one: CaseResult, came: Came): Given {
  if (came.status === undefined) return { id: `clause.${one.clause.id}`, title: withoutStop(one.clause.text) }
  if (came.status < 400) return 'unvalidated'
  if (came.status >= 500)
    return { id: 'fault.crash', title: 'Faulty requests end in a server error in place of a refusal' }
  return {
    id: `fault.${came.status}.${came.error ?? ''}`,
    title: `Faulty requests are refused with ${describe(came)}, which is not as documented`,
  }
}

/** Errors that come of one look at what is there, whatever the action. */
const ONE_LOOK: { readonly [error: string]: string } = {
  PreconditionFailedException: 'RevisionId is not compared: writes with a revision that is not current succeed',
  ResourceConflictException: 'What is there already is no conflict: it is created again',
  ResourceNotFoundException: 'What does not exist is not missed: ResourceNotFoundException does not come',
  TooManyRequestsException: 'Invocations are not throttled: TooManyRequestsException does not come',
}
const OF_THE_REQUEST = new Set(['InvalidParameterValueException', 'ValidationException', 'SerializationException'])

function ofError(one: CaseResult, wanted: string, came: Came): Diagnosis {
  const action = actionOf(one)
  if (came.status !== undefined && came.status >= 500)
    return { id: `crash.${action}`, title: `${action} ends in a server error (${describe(came)})` }
  if (came.status !== undefined && came.status >= 400)
    return {
      id: `instead.${came.status}.${came.error ?? ''}.${wanted}`,
      title: `${describe(came)} comes in place of ${wanted}`,
    }
  if (OF_THE_REQUEST.has(wanted))
    return { id: `unchecked.${action}`, title: `${action} accepts what is wrong as a whole, where ${wanted} is due` }
  return { id: `never.${wanted}`, title: ONE_LOOK[wanted] ?? `${wanted} does not come where it is due` }
}

/** An answer that should have come. */
function ofAnswer(one: CaseResult, came: Came, broken: BrokenActions): Diagnosis | undefined {
  const action = actionOf(one)
  const own = broken.get(action)
  if (came.status !== undefined && came.status >= 400)
    return own ?? { id: `answer.${action}`, title: `${action} answers a legal request with ${describe(came)}` }
  const member = /^(\w+) to answer ([A-Z][\w.]*): /.exec(one.expected ?? '')
  if (member?.[1] === undefined || member[2] === undefined) return own
  // What came out of a queue is about what was to send it there.
  if (
    !/^(Get|List|Create|Update|Put|Add|Delete|Remove|Publish|Tag|Untag|Invoke)/.test(member[1]) ||
    /Queue|Record/.test(member[1])
  )
    return undefined
  const name = lastName(member[2])
  const nothing = one.actual?.endsWith(': nothing') === true || one.actual?.endsWith(': null') === true
  return {
    id: `value.${member[1]}.${name}`,
    title: nothing ? `${member[1]} does not answer ${name}` : `${name} of ${member[1]} is not what it should be`,
  }
}

interface Came {
  readonly status?: number
  readonly error?: string
}

/** From `404 ResourceNotFoundException: …`, or from the last exchange where the text speaks of a member. */
function cameOf({ actual, exchanges }: CaseResult): Came {
  const said = /^(\d{3})\b(?: with\b| ([A-Za-z][\w.]*))?/.exec(actual ?? '')
  if (said?.[1] !== undefined)
    return { status: Number(said[1]), ...(said[2] === undefined || said[2] === 'without' ? {} : { error: said[2] }) }
  const status = exchanges.at(-1)?.response?.status
  return status === undefined || status >= 400 ? {} : { status }
}

/** The error that was due, by the id of the clause or by what was expected; the first where there are several. */
function wantedError({ clause, expected }: CaseResult): string | undefined {
  if (clause.kind === 'error') return clause.id.split('.')[2]
  return /\b(?:to fail|to answer|to be refused) with (?:one of )?([A-Z]\w+(?:Exception|Error))\b/.exec(
    expected ?? '',
  )?.[1]
}

function actionOf(one: CaseResult): string {
  const named = /^([A-Z]\w+) (?:to|with)\b/.exec(one.expected ?? '')?.[1]
  if (named !== undefined && !/(?:Exception|Error)$/.test(named)) return named
  return one.action ?? one.exchanges.at(-1)?.request.action ?? one.clause.id
}

function describe({ status, error }: Came): string {
  return `${status ?? 'no status'}${error === undefined ? '' : ` ${error}`}`
}

/** `Functions.0.TracingConfig.Mode` is about `TracingConfig.Mode`. */
function lastName(path: string): string {
  const names = path.split('.').filter(word => /^[A-Za-z_]/.test(word))
  return names
    .slice(-2)
    .join('.')
    .replace(/^(Functions|Versions|Configuration|Payload|results)\./, '')
}

const withoutStop = (text: string): string => text.replace(/[.\s]+$/, '')
