/** Conditions on requests as they stand in a code span: `not Qualifier matches ^\d+$`. */
import type { RequestCondition, RequestTerm, RequestTest } from '../model.ts'
import { isOneOf } from '../../base/is-one-of.ts'
import { patternProblem } from './constraint.ts'

const PARTS = ['name', 'qualifier', 'service', 'bytes', 'count'] as const
const PATH = String.raw`(?:qualifier|request|text|[A-Z]\w*(?:\.[A-Z]\w*)*)`
const TERM = String.raw`(?:(\w+) of )?(${PATH})`
const CONDITION = new RegExp(`^(not )?${TERM}(?: ?(=|matches |over |at most |is |other than |repeats )(.+))?$`)

/** Reads a condition, or says how it is written. */
export function parseRequestCondition(text: string): RequestCondition | string {
  const only = /^only ((?:[A-Z]\w*)(?: [A-Z]\w*)*)$/.exec(text)?.[1]
  if (only !== undefined) return { only: only.split(' ') }
  const [, not, part, path, word, argument = ''] = CONDITION.exec(text) ?? []
  const term = path === undefined ? undefined : termOf(part, path)
  if (term === undefined)
    return `\`${text}\` is no condition; write \`Member\`, \`not Member\`, \`Member=value\` or \`name of Member matches RE\``
  if (word === undefined) return { not: not !== undefined, ...term }
  const test = testOf(word.trim(), argument)
  return typeof test === 'string' ? test : { not: not !== undefined, ...term, test }
}

function termOf(part: string | undefined, path: string): RequestTerm | undefined {
  if (part === undefined) return { of: path.split('.') }
  return isOneOf(PARTS, part) ? { part, of: path.split('.') } : undefined
}

function testOf(word: string, argument: string): RequestTest | string {
  switch (word) {
    case '=':
      return { kind: 'equals', value: argument }
    case 'is':
      return argument === 'json' ? { kind: 'json' } : `a value \`is json\`, not \`is ${argument}\``
    case 'over':
    case 'at most': {
      const bound = /^<(\w+)>$/.exec(argument)?.[1] ?? Number(argument)
      return typeof bound === 'number' && !Number.isFinite(bound)
        ? `\`${argument}\` is no number, and no group of a pattern such as \`<most>\``
        : { kind: word === 'over' ? 'over' : 'most', bound }
    }
    case 'other than': {
      const [, part, path] = new RegExp(`^${TERM}$`).exec(argument) ?? []
      const than = path === undefined ? undefined : termOf(part, path)
      return than === undefined ? `\`${argument}\` is no member and no part of one` : { kind: 'other', than }
    }
    default: {
      const problem = patternProblem(argument)
      return problem === undefined
        ? { kind: word === 'repeats' ? 'repeats' : 'matches', pattern: argument }
        : `the pattern does not compile: ${problem}`
    }
  }
}
