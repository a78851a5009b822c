/** Is the answer to a faulty request the refusal that it should be? */
import type { Action, Spec } from '../../spec/model.ts'
import type { Answer } from '../case.ts'
import { refusalsOfForm } from '../oracle/errors.ts'
import { isThrottled } from '../oracle/support.ts'
import type { Control } from './control.ts'
import { describeAnswer, failure, inconclusive, type Judgement, OK } from '../judgement.ts'

/** What was wrong with the request. */
export interface Refusable {
  readonly action: Action
  /** In words that follow "must refuse". */
  readonly what: string
  /** "Not found" is an answer to a fault in the name of the thing. */
  readonly namesResource: boolean
  /** In the path: to a router the faulty request may be no action at all. */
  readonly changesRoute?: boolean
}

/**
 * A faulty request must be refused with a client error of an allowed name, in the documented form. After a control that
 * was refused itself only a refusal of another kind counts, and a wrong refusal does not count against the endpoint; a
 * success always does.
 */
export function judgeRefusal(
  spec: Spec,
  fault: Refusable,
  control: Control & { readonly kind: 'accepted' | 'refused' },
  answer: Answer,
): Judgement {
  const { action, what } = fault
  const allowed = refusalsOfForm(spec, action, fault)
  const names = [...new Set(allowed.map(row => `${row.status} ${row.name}`))]
  const expected = `a refusal of ${what}: ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`
  const shown = [control.answer, answer]
  if (answer.failure !== undefined) return inconclusive(`${action.name}: ${describeAnswer(answer)}`, shown)
  if (isThrottled(answer)) return inconclusive(`${action.name} answered ${describeAnswer(answer)}`, shown)
  const { status, error } = answer
  if (status === undefined || status < 400)
    return failure(expected, describeAnswer(answer), shown, `${action.name} accepted ${what}`)
  if (status >= 500)
    return failure(expected, describeAnswer(answer), shown, `${action.name} answered ${what} with a server error`)
  if (fault.changesRoute === true && status === 404 && error?.name === 'UnknownOperationException') return OK
  if (error?.name === undefined)
    return unlessRefusedAnyway(
      control,
      failure(
        expected,
        describeAnswer(answer),
        shown,
        'the refusal names no error, neither in the header x-amzn-ErrorType nor in the body',
      ),
    )
  if (!allowed.some(row => row.name === error.name && row.status === status))
    return unlessRefusedAnyway(control, failure(expected, describeAnswer(answer), shown))
  if (control.kind === 'refused' && sameRefusal(control.answer, answer)) return control.judgement
  return OK
}

/** A control that was refused itself proves nothing about a wrong error: something else may have been wrong. */
function unlessRefusedAnyway(control: Control, judgement: Judgement): Judgement {
  return control.kind === 'refused'
    ? { ...judgement, kind: 'inconclusive', reason: `${control.judgement.reason}; ${judgement.reason}` }
    : judgement
}

/** The same error with the same text, but for values that the text repeats. */
function sameRefusal(one: Answer, other: Answer): boolean {
  if (one.error?.name !== other.error?.name) return false
  const plain = (answer: Answer): string =>
    (answer.error?.message ?? '').replace(/['"“”][^'"“”]*['"“”]|\d+|arn:\S+/g, '…')
  return plain(one) === plain(other) || one.error?.message === undefined || other.error?.message === undefined
}
