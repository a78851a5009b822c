/** Reads the values of options; what cannot be read ends in one line that names the option. */
import { InvalidArgumentError } from 'commander'

/** `90` and `90s` are seconds; `500ms`, `5m` and `1h` are what they say. Milliseconds. */
export function readDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text)
  const ms =
    match === null
      ? NaN
      : Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[(match[2] ?? 's') as 'ms' | 's' | 'm' | 'h']
  if (!(ms > 0)) throw new InvalidArgumentError('A duration is a number with ms, s, m or h, such as 60s.')
  return ms
}

/** A whole number from `least` to `most`. */
export function readWhole(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^-?\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
    return value
  }
}

/** `2/3` is the second of three parts. */
export function readShard(text: string): { readonly index: number; readonly count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text)
  const [index, count] = [Number(match?.[1]), Number(match?.[2])]
  if (match === null || index < 1 || count < 1 || index > count || count > 1000)
    throw new InvalidArgumentError('A shard is a part and the number of parts, such as 1/2.')
  return { index, count }
}

/** May be given several times, each time with one value or several between commas. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  const values = text.split(',').map(one => one.trim())
  if (values.includes('')) throw new InvalidArgumentError('It is a name, or several between commas.')
  return [...(before ?? []), ...values]
}
