/** Whether the conditions of a page hold for a recorded request. */
import { isObject } from '../../base/is-object.ts'
import { own } from '../../base/own.ts'
import { parseJson } from '../../base/parse-json.ts'
import { textOf } from '../../base/text-of.ts'
import type { RequestCondition, RequestTerm, RequestTest } from '../../spec/model.ts'
import { parseArn, parseFunctionName } from '../oracle/arn.ts'

/** A request, with what a refusal of it says. */
export interface Asked {
  readonly params: { readonly [member: string]: unknown }
  /** The text of the refusal. */
  readonly text?: string
  /** What the groups of the text's pattern have found. */
  readonly groups?: { readonly [group: string]: string | undefined }
}

/** The first condition that does not hold; undefined when all do. */
export function brokenCondition(conditions: readonly RequestCondition[], asked: Asked): RequestCondition | undefined {
  return conditions.find(condition => !holds(condition, asked))
}

function holds(condition: RequestCondition, asked: Asked): boolean {
  if ('only' in condition)
    return Object.keys(asked.params).every(member => condition.only.includes(member) || !isThere(asked.params[member]))
  const value = termValue(condition, asked)
  const answer = condition.test === undefined ? isThere(value) : passes(condition.test, value, asked)
  return answer !== condition.not
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

function passes(test: RequestTest, value: unknown, asked: Asked): boolean {
  if (!isThere(value)) return false
  switch (test.kind) {
    case 'equals':
      return textOf(value) === test.value
    case 'matches':
      return typeof value !== 'object' && new RegExp(test.pattern, 's').test(textOf(value))
    case 'over':
    case 'most': {
      const bound = typeof test.bound === 'number' ? test.bound : Number(asked.groups?.[test.bound])
      return test.kind === 'over' ? Number(textOf(value)) > bound : Number(textOf(value)) <= bound
    }
    case 'json':
      return isObject(value) || (typeof value === 'string' && parseJson(value) !== undefined)
    case 'other': {
      const than = termValue(test.than, asked)
      return isThere(than) && textOf(than) !== textOf(value)
    }
    case 'repeats': {
      const found = Array.isArray(value) ? value.map(one => new RegExp(test.pattern).exec(textOf(one))?.[0]) : []
      return new Set(found).size < found.length
    }
  }
}

function termValue({ of, part }: RequestTerm, asked: Asked): unknown {
  const whole = wholeOf(of, asked)
  switch (part) {
    case undefined:
      return whole
    case 'name':
    case 'qualifier':
      return parseFunctionName(whole)?.[part]
    case 'service':
      return parseArn(whole)?.service
    case 'bytes':
      return whole === undefined ? undefined : Buffer.byteLength(JSON.stringify(whole))
    case 'count':
      return isObject(whole) || Array.isArray(whole) ? Object.keys(whole).length : undefined
  }
}

function wholeOf([first = '', ...rest]: readonly string[], { params, text }: Asked): unknown {
  if (rest.length === 0 && first === 'request') return params
  if (rest.length === 0 && first === 'text') return text
  if (rest.length === 0 && first === 'qualifier') return qualifierAsked(params)
  return rest.reduce<unknown>((value, step) => (isObject(value) ? own(value, step) : undefined), own(params, first))
}

/** The qualifier that a request names: beside the name, or at its end. */
export function qualifierAsked(params: Asked['params']): string | undefined {
  return isThere(params['Qualifier'])
    ? textOf(params['Qualifier'])
    : parseFunctionName(params['FunctionName'] ?? params['Resource'])?.qualifier
}
