/** `1..64`, `1..`, `..64`, `5`: the ranges of constraints and tags. */

export interface Range {
  readonly min?: number
  readonly max?: number
}

const NUMBER = '-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?'
const RANGE = new RegExp(`^(?:(${NUMBER})?\\.\\.(${NUMBER})?|(${NUMBER}))$`)

/** A single number is a range of that number alone. A string says what is wrong with the text. */
export function parseRange(text: string): Range | string {
  const match = RANGE.exec(text)
  const [, low, high, only] = match ?? []
  if (match === null || (low ?? high ?? only) === undefined)
    return `\`${text}\` is no range; write \`1..64\`, \`1..\` or \`..64\``
  const min = low ?? only
  const max = high ?? only
  if (min !== undefined && max !== undefined && Number(min) > Number(max))
    return `the range \`${text}\` is empty: ${min} is greater than ${max}`
  return { ...(min === undefined ? {} : { min: Number(min) }), ...(max === undefined ? {} : { max: Number(max) }) }
}

/** The range as it is written: `1..9`, `1..`, `..9`, or `5` for exactly 5. */
export function printRange({ min, max }: Range): string {
  return min !== undefined && min === max ? String(min) : `${min ?? ''}..${max ?? ''}`
}
