/** What was seen of a program, carried over to the program as it is now: lines that have not changed keep what they had. */

/** Pairs of offsets into a text, each of the first letter that was executed and of the first that was not. */
export type Pairs = readonly number[]

/**
 * From ranges of a text to the same in a later text. A line that is new there counts as executed when the one before it does: at worst a
 * mutant is judged by a case that does not come by, which costs time and kills nothing.
 */
export function carryOver(before: string, after: string): (pairs: Pairs) => Pairs {
  if (before === after) return pairs => pairs
  const was = before.split('\n')
  const now = after.split('\n')
  const starts = startsOf(was)
  const same = sameLines(was, now)
  return pairs => {
    const painted = paint(pairs, before.length)
    const result = new Uint8Array(after.length)
    let at = 0
    for (const [row, line] of now.entries()) {
      const old = same[row]
      const last = result[at - 1] ?? 0
      for (let column = 0; column <= line.length && at + column < result.length; column++)
        result[at + column] = old === undefined ? last : (painted[starts[old]! + column] ?? 0)
      at += line.length + 1
    }
    return pairsOf(result)
  }
}

/** One byte a letter: executed or not. */
export function paint(pairs: Pairs, size: number): Uint8Array {
  const painted = new Uint8Array(size)
  for (let at = 0; at < pairs.length; at += 2) painted.fill(1, pairs[at], pairs[at + 1])
  return painted
}

/** Where what is executed begins and ends. */
export function pairsOf(painted: Uint8Array): Pairs {
  const pairs: number[] = []
  for (let at = 0; at <= painted.length; at++) if ((painted[at] ?? 0) !== (painted[at - 1] ?? 0)) pairs.push(at)
  return pairs
}

function startsOf(lines: readonly string[]): readonly number[] {
  let at = 0
  return lines.map(line => {
    const start = at
    at += line.length + 1
    return start
  })
}

/** For each line of the later text its place in the earlier: the longest common subsequence. */
function sameLines(was: readonly string[], now: readonly string[]): readonly (number | undefined)[] {
  const width = now.length + 1
  const longest = new Uint16Array((was.length + 1) * width)
  for (let row = was.length - 1; row >= 0; row--)
    for (let column = now.length - 1; column >= 0; column--)
      longest[row * width + column] =
        was[row] === now[column]
          ? longest[(row + 1) * width + column + 1]! + 1
          : Math.max(longest[(row + 1) * width + column]!, longest[row * width + column + 1]!)
  const found: (number | undefined)[] = now.map(() => undefined)
  for (let row = 0, column = 0; row < was.length && column < now.length; ) {
    if (was[row] === now[column]) found[column++] = row++
    else if (longest[(row + 1) * width + column]! >= longest[row * width + column + 1]!) row++
    else column++
  }
  return found
}
