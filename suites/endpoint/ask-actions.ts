/** Asks an endpoint which actions it knows: one request each that changes nothing. */
import { errorsOf } from '../oracle/errors.ts'
import { isUnsupported } from '../oracle/support.ts'
import type { Action, Member, Spec } from '../../spec/model.ts'
import type { Answer, Client } from '../case.ts'
import { likeness } from '../wire/likeness.ts'

/** Whether an endpoint has an action; `unknown` when its answers do not tell. */
export type Support = 'supported' | 'unsupported' | 'unknown'

/** Which actions an endpoint has, found out by asking for what does not exist. */
export interface ActionsAsked {
  readonly actions: { readonly [action: string]: Support }
  /** What was answered by those that are unsupported. */
  readonly answers: { readonly [action: string]: string }
  /** Likenesses of the answers that paths got under which nothing lives. */
  readonly noRoute: readonly string[]
  /** The one answer that everything got, described; absent when answers differ. */
  readonly constant?: string
}

/** Paths under which no action lives, and never will. */
const NONSENSE = [
  ['GET', '/2015-03-31/lambdacheck-asks'],
  ['POST', '/1999-12-31/lambdacheck/asks'],
  ['PUT', '/2015-03-31/functions-of-lambdacheck/asks/nothing'],
  ['DELETE', '/1999-12-31/lambdacheck-asks'],
] as const

/** Gateways' way of saying that there is no such route, whatever the status. */
const NO_ROUTE = /^(MissingAuthenticationToken|UnknownOperation|NoSuchRoute|NotFoundException$)/i

/**
 * `unknownName` is a legal name that nothing bears. An answer that shows nothing leaves an action `unknown`: it is
 * tested then. Those of `unasked` are not sent at all.
 */
export function askActions(
  spec: Spec,
  client: Client,
  unknownName: string,
  timeoutMs: number,
  unasked: readonly string[] = [],
): Promise<ActionsAsked> {
  const actions = Object.values(spec.actions).filter(({ name }) => !unasked.includes(name))
  return ask(spec, client, actions, unknownName, timeoutMs)
}

/**
 * Asks once more for what seemed to be missing, of a function of ours that exists: some servers answer in the same way
 * when there is no such path and when there is no such function. Gives the actions that turned out not to be missing.
 */
export async function askAgain(
  spec: Spec,
  client: Client,
  actions: ActionsAsked['actions'],
  existing: string,
  timeoutMs: number,
): Promise<ActionsAsked['actions']> {
  const missing = Object.values(spec.actions).filter(
    ({ name, path }) => actions[name] === 'unsupported' && path.includes('{FunctionName}') && name !== 'DeleteFunction',
  )
  const asked = await ask(spec, client, missing, existing, timeoutMs)
  return Object.fromEntries(Object.entries(asked.actions).filter(([, support]) => support !== 'unsupported'))
}

async function ask(
  spec: Spec,
  client: Client,
  actions: readonly Action[],
  functionName: string,
  timeoutMs: number,
): Promise<ActionsAsked> {
  const nonsense = await Promise.all(
    NONSENSE.map(([method, path]) =>
      client
        .http({ method, path, query: [], headers: {}, body: null }, { timeoutMs })
        .then(answer => ({ answer, like: likeness(answer, [path, functionName]) })),
    ),
  )
  const asked = await Promise.all(
    actions.map(async action => {
      const answer = await client.call(action, harmless(action, functionName), { timeoutMs })
      return { action, answer, like: likeness(answer, [pathOf(answer), functionName]) }
    }),
  )
  const noRoute = new Set(nonsense.filter(({ answer }) => answer.failure === undefined).map(({ like }) => like))
  const judged = Object.fromEntries(
    asked.map(({ action, answer, like }) => [action.name, judge(spec, action, answer, noRoute.has(like))]),
  )
  const all = new Set([...nonsense, ...asked].map(({ like }) => like))
  const one = nonsense[0]?.answer
  const answers = Object.fromEntries(
    asked
      .filter(({ action }) => judged[action.name] === 'unsupported')
      .map(one => [one.action.name, describe(one.answer)]),
  )
  const found = { actions: judged, answers, noRoute: [...noRoute] }
  return all.size === 1 && one !== undefined ? { ...found, constant: describe(one) } : found
}

function judge(spec: Spec, action: Action, answer: Answer, asNonsense: boolean): Support {
  const { status, error } = answer
  if (status === undefined) return 'unknown'
  if (status < 300) return !asNonsense && answers(action) ? 'supported' : 'unknown'
  if (asNonsense) return (status >= 400 && status < 500) || status === 501 ? 'unsupported' : 'unknown'
  const name = error?.name
  if (status === 501 || status === 405 || (name !== undefined && (NO_ROUTE.test(name) || isUnsupported(answer))))
    return 'unsupported'
  // A 404 that names no error may be that of a web server, or that of a careless emulator for a function that does not
  // exist.
  if (name === undefined) return 'unknown'
  return errorsOf(spec, action).some(row => row.name === name) ? 'supported' : 'unknown'
}

/** Does success with the harmless request tell anything? Reading what does not exist should not have succeeded. */
function answers(action: Action): boolean {
  return /^(List|Delete|GetAccountSettings|Untag|Remove)/.test(action.name)
}

/** Names things that do not exist, and lacks what creating would need. */
function harmless(action: Action, unknownName: string): { readonly [member: string]: unknown } {
  const params: { [member: string]: unknown } = {}
  for (const member of action.request) {
    if (member.in === 'uri' || (member.in === 'query' && member.required))
      params[member.name] = unknownValue(member, unknownName)
  }
  return params
}

function unknownValue(member: Member, unknownName: string): unknown {
  if (member.type.kind === 'integer' || member.type.kind === 'long') return 987_654
  if (/^UUID$/i.test(member.name)) return '00000000-0000-4000-8000-000000000000'
  if (/^(Qualifier|VersionNumber)$/.test(member.name)) return '987654'
  if (/^(Resource|Arn|FunctionArn)$/i.test(member.name))
    return `arn:aws:lambda:us-east-1:000000000000:function:${unknownName}`
  if (member.name === 'CodeSigningConfigArn')
    return 'arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-00000000000000000'
  if (member.type.kind === 'list') return [unknownName]
  return unknownName
}

function pathOf(answer: Answer): string {
  const { url } = answer.exchange.request
  return URL.canParse(url) ? new URL(url).pathname : ''
}

/** An answer in one line, for people. */
export function describe(answer: Answer): string {
  if (answer.failure !== undefined) return `no answer (${answer.failure.kind}: ${answer.failure.message})`
  const type = answer.headers['content-type']?.split(';')[0] ?? ''
  const text = new TextDecoder().decode(answer.body.subarray(0, 120)).replace(/\s+/g, ' ').trim()
  return `${answer.status}${type === '' ? '' : ` ${type}`}${text === '' ? ' with an empty body' : `: ${text}`}`
}
