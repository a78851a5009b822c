/** Runs the steps of a property, one after the other, and says where one does not hold. */
import { createHash } from 'node:crypto'
import type { Exchange, Mismatch } from '../../reports/evidence.ts'
import type { Action, Step, Value } from '../../spec/model.ts'
import type { Answer, CaseContext, HttpRequest } from '../case.ts'
import { describeAnswer, inconclusive, unsupported, type Judgement } from '../judgement.ts'
import { errorsOf } from '../oracle/errors.ts'
import { isDenied, isThrottled, isUnsupported } from '../oracle/support.ts'
import { mismatches, type Matching } from '../oracle/match.ts'
import { judgeEveryAnswer } from './every-answer.ts'
import { failedState } from '../fixtures/ready.ts'
import { journalView, readJournal, type JournalEntry } from './journal.ts'
import { isPaged, readWholeList } from './pages.ts'
import { serviceCall } from '../wire/service-call.ts'
import { refusalMismatch, promisedRefusals } from './refusal.ts'
import { callSettled, pause } from './settle.ts'
import { present } from '../../base/present.ts'
import { entriesOf } from '../../base/entries-of.ts'

/** `when` prepares: what is merely refused there leaves the property open. `then` asserts. */
export type Phase = 'when' | 'then'

/** A property that is run: its context, its variables and what has come so far. */
export interface StepRun {
  readonly context: CaseContext
  /** Grows with every `as`. */
  readonly scope: { [variable: string]: unknown }
  readonly exchanges: Exchange[]
  /** What functions told, by the url of the queue and the id of the entry. */
  readonly journals: Map<string, Map<string, JournalEntry>>
  /** In milliseconds since 1970. */
  readonly deadline: number
  /** Steps that succeeded as they should: the controls of the refusals. */
  successes: number
}

/** Null when all hold. Stops at the first that does not. */
export async function runSteps(run: StepRun, steps: readonly Step[], phase: Phase): Promise<Judgement | null> {
  for (const step of steps) {
    run.context.signal.throwIfAborted()
    if (Date.now() > run.deadline) return inconclusive(`time ran out before the step at ${place(step)}`)
    const judgement = await runStep(run, step, phase)
    if (judgement !== null) return judgement
  }
  return null
}

async function runStep(run: StepRun, step: Step, phase: Phase): Promise<Judgement | null> {
  if (step.wait !== undefined) {
    await pause(Math.max(0, Math.min(step.wait * 1000, run.deadline - Date.now())), run.context.signal)
    return null
  }
  if (step.repeat !== undefined) {
    for (let time = 0; time < step.repeat.times; time++) {
      const judgement = await runSteps(run, step.repeat.steps, phase)
      if (judgement !== null) return judgement
    }
    return null
  }
  if (step.parallel !== undefined) return runParallel(run, step, step.parallel, phase)
  const { everyAnswer } = step
  if (everyAnswer !== undefined)
    return judgeEveryAnswer({ ...step, everyAnswer }, run.context.answersSeen(), matchingOf(run), (action, error) =>
      errorsOf(run.context.spec, run.context.spec.actions[action] ?? null).some(({ name }) => name === error),
    )
  return runOne(run, step, phase)
}

/** One request, or one until it holds when `eventually` gives it time. */
async function runOne(run: StepRun, step: Step, phase: Phase): Promise<Judgement | null> {
  const start = Date.now()
  const end = Math.min(run.deadline, start + (step.eventually ?? 0) * 1000)
  for (let wait = 40; ; wait = Math.min(wait * 1.5, 2000)) {
    const sent = await send(run, step, true)
    const judgement = judge(run, step, sent, phase)
    if (
      judgement === null ||
      judgement.kind === 'unsupported' ||
      failedState(sent.members) !== undefined ||
      step.eventually === undefined ||
      Date.now() + wait > end
    ) {
      keep(run, sent)
      if (judgement === null) bind(run, step, sent)
      if (judgement?.kind !== 'fail') return judgement
      if (step.otherwise === 'inconclusive' && isSuccess(sent.answer.status)) return leftOpen(judgement)
      if (step.eventually === undefined) return judgement
      const failed = failedState(sent.members)
      return failed !== undefined
        ? { ...judgement, reason: `${judgement.reason ?? ''}: ${failed}` }
        : afterWaiting(judgement, step.eventually, (Date.now() - start) / 1000)
    }
    await pause(wait, run.context.signal)
  }
}

/** A case that had to stop long before the page's time was up has found out nothing. */
function afterWaiting(judgement: Judgement, allowed: number, waited: number): Judgement {
  if (waited < allowed / 2)
    return {
      ...judgement,
      kind: 'inconclusive',
      reason:
        `${judgement.reason ?? ''} after ${Math.round(waited)} seconds, and time ran out before the ${allowed} ` +
        'that the page allows',
    }
  return { ...judgement, reason: `${judgement.reason ?? ''}, and stayed so for ${Math.round(waited)} seconds` }
}

/** What the endpoint need not have done, and without which nothing is known. */
function leftOpen(judgement: Judgement): Judgement {
  const { expected = '', actual = '' } = judgement
  return { ...judgement, kind: 'inconclusive', reason: `expected ${expected}, got ${actual}, which leaves it open` }
}

interface Sent {
  readonly action: Action | null
  readonly answer: Answer
  readonly members: { readonly [member: string]: unknown }
  /** Pages before the last. */
  readonly earlier: readonly Answer[]
}

/** `settled`: wait for what is under way instead of taking its conflict for an answer. */
async function send(run: StepRun, step: Step, settled: boolean): Promise<Sent> {
  const { context } = run
  if (step.http !== undefined) {
    const answer = await sendRaw(run, step.http)
    return { action: null, answer, members: isObject(answer.json) ? answer.json : {}, earlier: [] }
  }
  if (step.journal !== undefined) {
    const url = String(context.fill({ url: step.journal }, run.scope)['url'])
    const known = run.journals.get(url) ?? new Map<string, JournalEntry>()
    run.journals.set(url, known)
    const answer = await readJournal(context.client, url, known)
    return { action: null, answer, members: journalView([...known.values()]), earlier: [] }
  }
  if (step.call === undefined)
    throw new Error(`${place(step)}: a step wants an action, parallel, repeat, wait, http or journal`)
  const action = context.spec.actions[step.call.action]
  if (action === undefined) throw new Error(`${place(step)}: there is no action ${step.call.action}`)
  const params = context.fill(step.call.request, run.scope)
  const refusals =
    step.fails === undefined ? [] : promisedRefusals(context.spec, action, step.fails).map(one => one.name)
  const settling = { spec: context.spec, client: context.client, signal: context.signal, deadline: run.deadline }
  const call = (whole: { readonly [member: string]: unknown }): Promise<Answer> =>
    settled ? callSettled(settling, action, whole, refusals) : context.client.call(action, whole)
  if (isPaged(action) && readsWholeList(action, params)) {
    const earlier: Answer[] = []
    const list = await readWholeList(action, params, undefined, async page => {
      const answer = await call(page)
      earlier.push(answer)
      return answer
    })
    const members = {
      ...list.answer.members,
      ...(list.items === undefined ? {} : { [action.pagination.items]: list.items }),
    }
    return { action, answer: list.answer, members, earlier: earlier.slice(0, -1) }
  }
  const answer = await call(params)
  return { action, answer, members: withParsedPayload(action, answer), earlier: [] }
}

function readsWholeList(action: Action, params: { readonly [member: string]: unknown }): boolean {
  const { marker, size } = action.pagination ?? { marker: '', size: undefined }
  return params[marker] === undefined && (size === undefined || params[size] === undefined)
}

/** A payload that is JSON counts as what it says. */
function withParsedPayload(action: Action, answer: Answer): { readonly [member: string]: unknown } {
  const members = answer.members ?? {}
  const payload = action.responses.flatMap(response => response.members).find(member => member.in === 'payload')
  if (payload === undefined || !Object.hasOwn(members, payload.name)) return members
  if (answer.body.length === 0)
    return Object.fromEntries(Object.entries(members).filter(([name]) => name !== payload.name))
  return answer.json === undefined ? members : { ...members, [payload.name]: answer.json }
}

async function sendRaw(run: StepRun, http: { readonly [key: string]: Value }): Promise<Answer> {
  const filled = run.context.fill(http, run.scope)
  if (typeof filled['service'] === 'string') {
    return run.context.client.http(serviceCall(filled['service'], String(filled['action']), filled['body']), {
      service: filled['service'],
    })
  }
  const { method = 'GET', url, path = url === undefined ? '/' : '', query = {}, headers = {}, body, sign } = filled
  const request: HttpRequest = {
    method: String(method),
    ...(url !== undefined && { link: String(url) }),
    path: String(path),
    query: entriesOf(query).map(([name, value]) => [name, String(value)] as const),
    headers: Object.fromEntries(entriesOf(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
    body: typeof body === 'string' ? body : (JSON.stringify(body) ?? null),
  }
  return run.context.client.http(request, typeof sign === 'boolean' ? { sign } : {})
}

function judge(run: StepRun, step: Step, sent: Sent, phase: Phase): Judgement | null {
  const { answer, action } = sent
  const name = nameOf(step)
  if (answer.failure !== undefined) return inconclusive(`${name} at ${place(step)} got ${describeAnswer(answer)}`)
  if (step.fails !== undefined) return judgeRefusal(run, step, sent, step.fails)

  const wanted = statusWanted(step)
  const refused = answer.status !== undefined && answer.status >= 300
  if (refused && action !== null && isUnsupported(answer))
    return unsupported(`the endpoint does not implement ${name}: ${describeAnswer(answer)}`)
  if (refused && !wanted) {
    const notServed = callersFault(step, answer)
    if (notServed !== undefined) return notServed
    const isServersFault = (answer.status ?? 0) >= 500 && !isOfFunction(action, answer)
    if (phase === 'when' && step.returns === undefined && !isServersFault) {
      return inconclusive(`${name} at ${place(step)}, which prepares, was refused: ${describeAnswer(answer)}`)
    }
    return broken(step, `${name} to succeed`, describeAnswer(answer))
  }
  const found = step.returns === undefined ? [] : returnsMismatches(run, step.returns, sent)
  const [first] = found
  if (first !== undefined) {
    const at = first.path === '' ? '' : `${first.path}: `
    const said = functionsWord(answer)
    return broken(
      step,
      `${name} to answer ${at}${first.expected}`,
      `${at}${first.actual}${refused ? ` (${describeAnswer(answer)})` : ''}`,
      { mismatches: found, ...(said === undefined ? {} : { said }) },
    )
  }
  if (!refused) run.successes++
  return null
}

/**
 * A legal request is never answered with a fault of the server; but what a function is made of may be found to be wrong
 * when it is called, and such errors are documented by their names.
 */
function isOfFunction(action: Action | null, { status, error }: Answer): boolean {
  return (
    action?.name.startsWith('Invoke') === true &&
    error?.name !== 'ServiceException' &&
    action.errors.some(row => row.name === error?.name && row.status === status)
  )
}

function judgeRefusal(run: StepRun, step: Step, sent: Sent, fails: Value): Judgement | null {
  const { answer, action } = sent
  const found = refusalMismatch(promisedRefusals(run.context.spec, action, fails), answer, matchingOf(run))
  if (found === null) return null
  const name = nameOf(step)
  if (action !== null && isUnsupported(answer))
    return unsupported(`the endpoint does not implement ${name}: ${describeAnswer(answer)}`)
  return callersFault(step, answer) ?? broken(step, `${name} to fail with ${found.expected}`, describeAnswer(answer))
}

/** Who asks, or how often, is in the way. */
function callersFault(step: Step, answer: Answer): Judgement | undefined {
  if (!isDenied(answer) && !isThrottled(answer)) return undefined
  const how = isDenied(answer) ? 'denied' : 'throttled'
  return inconclusive(`${nameOf(step)} at ${place(step)} was ${how}: ${describeAnswer(answer)}`)
}

/** A step that speaks of the status or the raw body itself does not ask for success. */
function statusWanted(step: Step): boolean {
  // Of other services success is asked like of our own.
  if (step.journal !== undefined) return false
  if (step.http !== undefined) return step.http['service'] === undefined
  return isObject(step.returns) && '$status' in step.returns && !isSuccess(step.returns['$status'])
}

function isSuccess(status: unknown): boolean {
  return typeof status === 'number' && status < 300
}

function returnsMismatches(run: StepRun, returns: Value, sent: Sent): readonly Mismatch[] {
  const answer = visible(sent)
  return mismatches(returns, answer, matchingOf({ ...run, scope: { ...run.scope, this: answer } }))
}

/** What a function that failed says itself: it saw its event, and we see only that it failed. */
function functionsWord({ headers, json }: Answer): string | undefined {
  if (headers['x-amz-function-error'] === undefined || !isObject(json)) return undefined
  const { errorType, errorMessage } = json
  if (typeof errorMessage !== 'string') return undefined
  return `the function says ${typeof errorType === 'string' ? `${errorType}: ` : ''}${errorMessage}`.slice(0, 1000)
}

/** What `returns` and `as` see of an answer. */
function visible({ answer, members }: Sent): { readonly [name: string]: unknown } {
  return {
    ...members,
    $status: answer.status,
    $headers: answer.headers,
    $body: new TextDecoder().decode(answer.body),
    $ms: answer.exchange.durationMs,
    $sha256: createHash('sha256').update(answer.body).digest('base64'),
    $bytes: answer.body.length,
  }
}

function matchingOf(run: StepRun): Matching {
  return { resolve: value => run.context.fill({ value }, run.scope)['value'] }
}

function bind(run: StepRun, step: Step, sent: Sent): void {
  if (step.as !== undefined) run.scope[step.as] = visible(sent)
}

/** Enough to see what happened; a run of hundreds of steps does not fill the report. */
const MOST_EXCHANGES = 40

function keep(run: StepRun, sent: Sent): void {
  run.exchanges.push(...sent.earlier.map(one => one.exchange), sent.answer.exchange)
  if (run.exchanges.length > MOST_EXCHANGES) run.exchanges.splice(1, run.exchanges.length - MOST_EXCHANGES)
}

/**
 * All at once. Without `exactly` each step must hold. With it, that many must end as their `returns` says and the
 * others as their `fails` says.
 */
async function runParallel(run: StepRun, step: Step, steps: readonly Step[], phase: Phase): Promise<Judgement | null> {
  if (step.exactly === undefined) {
    return worstOf(await Promise.all(steps.map(one => runStep(run, one, phase))))
  }
  const sent = await Promise.all(steps.map(one => send(run, one, false)))
  for (const one of sent) keep(run, one)
  const lost = sent.find(one => one.answer.failure !== undefined)
  if (lost !== undefined)
    return inconclusive(`one of the parallel requests at ${place(step)} got ${describeAnswer(lost.answer)}`)
  const ends = sent.map((one, at) => {
    const { fails, ...positive } = present(steps[at], 'an element of steps')
    if (judge(run, positive, one, 'then') === null) {
      bind(run, positive, one)
      return 'holds'
    }
    if (fails === undefined) return 'neither'
    return judgeRefusal(run, { ...positive, fails }, one, fails) === null ? 'fails' : 'neither'
  })
  const holds = ends.filter(end => end === 'holds').length
  const neither = ends.indexOf('neither')
  if (holds === step.exactly && neither === -1) return null
  const unheard = sent.find(one => one.action !== null && isUnsupported(one.answer))
  if (unheard !== undefined)
    return unsupported(
      `the endpoint does not implement ${unheard.action?.name ?? ''}: ${describeAnswer(unheard.answer)}`,
    )
  if (!overlapped(sent.map(one => one.answer))) {
    return inconclusive(
      `the parallel requests at ${place(step)} did not run at the same time; ` +
        "the run's limit of concurrent requests may be too low",
    )
  }
  const expected =
    `exactly ${step.exactly} of ${steps.length} parallel requests to succeed and the others to be refused ` +
    'as documented'
  return broken(step, expected, `${holds} succeeded; ${sent.map(one => describeAnswer(one.answer)).join('; ')}`)
}

/** True when there was a moment at which all were under way. */
function overlapped(answers: readonly Answer[]): boolean {
  const starts = answers.map(one => Date.parse(one.exchange.startedAt))
  const ends = answers.map(one => Date.parse(one.exchange.startedAt) + one.exchange.durationMs)
  // Instants are whole milliseconds; durations are not.
  return Math.max(...starts) <= Math.min(...ends) + 1
}

/**
 * Of steps that ran side by side a failure counts for more than one that found out nothing; what others found is told
 * as well.
 */
function worstOf(ends: readonly (Judgement | null)[]): Judgement | null {
  const found = ends.filter(end => end !== null)
  const failed = found.filter(end => end.kind === 'fail')
  const [first, ...others] = failed
  if (first === undefined) return found[0] ?? null
  if (others.length === 0) return first
  return { ...first, mismatches: failed.flatMap(end => end.mismatches ?? asMismatch(end)) }
}

function asMismatch({ expected = '', actual = '' }: Judgement): readonly Mismatch[] {
  return [{ path: '', expected, actual }]
}

interface Broken {
  readonly mismatches?: readonly Mismatch[]
  /** By the function. */
  readonly said?: string
}

function broken(step: Step, expected: string, actual: string, { mismatches, said }: Broken = {}): Judgement {
  return {
    kind: 'fail',
    reason: `${said === undefined ? '' : `${said}; `}the step at ${place(step)} does not hold`,
    expected,
    actual,
    ...(mismatches === undefined ? {} : { mismatches }),
    exchanges: [],
  }
}

function nameOf(step: Step): string {
  if (step.journal !== undefined) return 'what functions told of their calls'
  return step.call?.action ?? (typeof step.http?.['action'] === 'string' ? step.http['action'] : 'the request')
}

function place(step: Step): string {
  return `${step.source.file}:${step.source.line}`
}

function isObject(value: unknown): value is { readonly [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
