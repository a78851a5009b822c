/** Values that no answer has, whatever its members allow: times of another age, states and runtimes of no form. */
import { isObject } from '../../base/is-object.ts'
import type { AnswerForm, Answers } from '../../spec/model.ts'
import { millisecondsOf } from '../oracle/milliseconds-of.ts'
import type { Wrong } from './wrong.ts'

const DAY_MS = 86_400_000

/** Holds the members of an answer, at any depth, against the forms of the pages. */
export function checkForms(answers: Answers, value: unknown, recordedAt: number | undefined, wrong: Wrong): void {
  // A recording's own date may be that of its file.
  const end = Math.max(Date.now(), recordedAt ?? 0) + DAY_MS
  const look = (inner: unknown, path: readonly string[]): void => {
    if (Array.isArray(inner)) for (const one of inner) look(one, [...path, '[]'])
    else if (isObject(inner))
      for (const [name, one] of Object.entries(inner)) {
        for (const { members, beside, form, why, source } of answers.forms) {
          if (!members.includes(name) || (beside !== undefined && typeof inner[beside] !== 'string')) continue
          const expected = misfit(form, one, end)
          if (expected !== undefined) wrong([...path, name], why, expected, one, source)
        }
        if (!answers.chosen.includes(name)) look(one, [...path, name])
      }
  }
  look(value, [])
}

/** What a value should have been; undefined when it is of the form. */
function misfit(form: AnswerForm, value: unknown, end: number): string | undefined {
  if (form.kind === 'since') {
    const ms = millisecondsOf(value)
    return ms < Date.parse(form.day) || ms > end ? `${form.day} to ${new Date(end).getUTCFullYear()}` : undefined
  }
  if (typeof value !== 'string') return undefined
  if (form.kind === 'enum') return form.values.includes(value) ? undefined : form.values.join(' or ')
  return form.kind === 'open' || new RegExp(form.pattern).test(value) ? undefined : `a value like ${form.pattern}`
}
