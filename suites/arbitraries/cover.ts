/** Covering arrays: few rows in which every two factors meet in every pair of their levels. */

/** As many candidates are tried for each row; the one that covers most is taken. */
const CANDIDATES = 12

/**
 * `levels`: how many levels each factor has. Each row names a level for every factor, and every pair of levels of every
 * two factors stands in some row. The same levels give the same rows.
 */
export function coveringRows(levels: readonly number[]): readonly (readonly number[])[] {
  if (levels.some(count => count < 1)) return []
  if (levels.length === 0) return [[]]
  if (levels.length === 1) return Array.from({ length: levels[0] ?? 0 }, (_, at) => [at])
  const open = allPairs(levels)
  const rows: number[][] = []
  while (open.size > 0) {
    let best: { readonly row: number[]; readonly covers: number } | undefined
    for (let candidate = 0; candidate < CANDIDATES; candidate++) {
      const row = buildRow(levels, open, candidate)
      const covers = pairsOf(row).filter(pair => open.has(pair)).length
      if (best === undefined || covers > best.covers) best = { row, covers }
    }
    if (best === undefined || best.covers === 0) break
    for (const pair of pairsOf(best.row)) open.delete(pair)
    rows.push(best.row)
  }
  return rows
}

const pairOf = (a: number, one: number, b: number, other: number): string =>
  a < b ? `${a}.${one} ${b}.${other}` : `${b}.${other} ${a}.${one}`

function allPairs(levels: readonly number[]): Set<string> {
  const pairs = new Set<string>()
  for (let a = 0; a < levels.length; a++)
    for (let b = a + 1; b < levels.length; b++)
      for (let one = 0; one < (levels[a] ?? 0); one++)
        for (let other = 0; other < (levels[b] ?? 0); other++) pairs.add(pairOf(a, one, b, other))
  return pairs
}

function pairsOf(row: readonly number[]): readonly string[] {
  return row.flatMap((one, a) => row.slice(a + 1).map((other, rest) => pairOf(a, one, a + 1 + rest, other)))
}

/**
 * Begins with a pair that is open still, and gives each further factor the level that covers most with what stands in
 * the row.
 */
function buildRow(levels: readonly number[], open: ReadonlySet<string>, candidate: number): number[] {
  const row: (number | undefined)[] = levels.map(() => undefined)
  const firsts = [...open].slice(0, CANDIDATES)
  for (const part of (firsts[candidate % firsts.length] ?? '').split(' ')) {
    const [factor, level] = part.split('.').map(Number)
    if (factor !== undefined && level !== undefined) row[factor] = level
  }
  for (let step = 0; step < levels.length; step++) {
    const factor = (step + candidate) % levels.length
    if (row[factor] !== undefined) continue
    let best = { level: 0, covers: -1 }
    for (let level = 0; level < (levels[factor] ?? 0); level++) {
      const covers = row.filter((other, at) => other !== undefined && open.has(pairOf(factor, level, at, other))).length
      if (covers > best.covers) best = { level, covers }
    }
    row[factor] = best.level
  }
  return row.map(level => level ?? 0)
}
