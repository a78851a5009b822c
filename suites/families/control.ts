/**
 * No negative without its positive control: the same request without the fault must succeed here before a refusal
 * counts.
 */
import type { Action } from '../../spec/model.ts'
import type { Answer, CaseContext, Endpoint, Scope } from '../case.ts'
import { FixtureTrouble } from '../fixtures/trouble.ts'
import { isDenied, isThrottled, isUnsupported } from '../oracle/support.ts'
import { describeAnswer, inconclusive, type Judgement, unsupported } from '../judgement.ts'
import { troubleOf } from './explore.ts'
import { baseRequest, callPatiently, changesThings, isRepeatable, leaseFor } from './requests.ts'

type Params = { readonly [member: string]: unknown }

/** What became of the same request without the fault. */
export type Control =
  /** It succeeded: refusals of the faulty request count. */
  | { readonly kind: 'accepted'; readonly answer: Answer }
  /** It was refused with an error for reasons of its own: only a refusal of another kind counts. */
  | { readonly kind: 'refused'; readonly answer: Answer; readonly judgement: Judgement }
  /** Nothing is known. */
  | { readonly kind: 'none'; readonly judgement: Judgement }

/** Controls of one endpoint, by action and shape of the request. */
const known = new WeakMap<Endpoint, Map<string, Promise<Control>>>()

/**
 * Sends `build(base)` once for each endpoint and `key`, in a scope of its own. A control that found out nothing is
 * forgotten, so that the next case tries again.
 */
export async function controlOf(
  context: CaseContext,
  action: Action,
  key: string,
  build: (base: Params, scope: Scope) => Params,
  needs: readonly string[] = action.needs,
): Promise<Control> {
  const memo = known.get(context.endpoint) ?? new Map<string, Promise<Control>>()
  known.set(context.endpoint, memo)
  const id = `${action.name} ${key}`
  const running = memo.get(id) ?? sendTwice(context, action, build, needs)
  memo.set(id, running)
  try {
    const control = await running
    if (control.kind === 'none' && control.judgement.kind !== 'unsupported') memo.delete(id)
    return control
  } catch (error) {
    memo.delete(id)
    throw error
  }
}

/** What fails in a scope that others have used is tried once more in one that nobody has. */
async function sendTwice(
  context: CaseContext,
  action: Action,
  build: (base: Params, scope: Scope) => Params,
  needs: readonly string[],
): Promise<Control> {
  const first = await send(context, action, build, needs)
  const isFinal = first.kind === 'accepted' || (first.kind === 'none' && first.judgement.kind === 'unsupported')
  if (isFinal || needs.length === 0) return first
  const second = await send(context, action, build, needs, true)
  return second.kind === 'accepted' ? second : first
}

async function send(
  context: CaseContext,
  action: Action,
  build: (base: Params, scope: Scope) => Params,
  needs: readonly string[],
  fresh = false,
): Promise<Control> {
  let lease: Awaited<ReturnType<typeof leaseFor>>
  try {
    lease = fresh
      ? { scope: await context.fixtures.fresh(needs), giveBack() {} }
      : await leaseFor(context, action, needs)
  } catch (error) {
    if (error instanceof FixtureTrouble) return { kind: 'none', judgement: troubleOf(error) }
    throw error
  }
  const base = baseRequest(context, action, lease.scope)
  const params = build(base, lease.scope)
  const answer = await callPatiently(context, action, params)
  const { status = 0 } = answer
  // What the page's own example changes does not matter to others; a value that was made up may.
  const isHarmless = isRepeatable(action) && (params === base || !changesThings(action))
  // A refusal has changed nothing; what broke may have changed anything.
  lease.giveBack((status >= 400 && status < 500) || (status >= 200 && status < 300 && isHarmless))
  return judgeControl(action, answer)
}

function judgeControl(action: Action, answer: Answer): Control {
  const said = `the same request without the fault was answered ${describeAnswer(answer)}`
  const { status } = answer
  if (status !== undefined && status < 300) {
    if (isAnswerOf(action, answer)) return { kind: 'accepted', answer }
    return {
      kind: 'none',
      judgement: inconclusive(`${said}, which has nothing of what ${action.name} answers with`, [answer]),
    }
  }
  if (answer.failure === undefined && isUnsupported(answer))
    return { kind: 'none', judgement: unsupported(`${action.name} answered ${describeAnswer(answer)}`, [answer]) }
  const judgement = inconclusive(said, [answer])
  if (
    status === undefined ||
    status >= 500 ||
    status < 400 ||
    isThrottled(answer) ||
    isDenied(answer) ||
    answer.error?.name === undefined
  ) {
    return { kind: 'none', judgement }
  }
  return { kind: 'refused', answer, judgement }
}

/**
 * A wrong status of success is a success still; that it is wrong, the valid requests show. One that has nothing of what
 * always comes is none: a server may say `{}` to everything.
 */
export function isAnswerOf(action: Action, answer: Answer): boolean {
  const response = action.responses.find(one => one.status === answer.status) ?? action.responses[0]
  const always = response?.members.filter(member => member.in === 'body' && member.required) ?? []
  const { members } = answer
  return always.length === 0 || (members !== undefined && always.some(member => members[member.name] !== undefined))
}
