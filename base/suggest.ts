/** Finds the word that was probably meant. */

/** `; did you mean X?` when one of the known words is near enough, else nothing. */
export function didYouMean(wrong: string, known: Iterable<string>): string {
  const near = nearest(wrong, known)
  return near === undefined ? '' : `; did you mean ${near}?`
}

/**
 * The known word with the fewest typing mistakes between it and `wrong`, if those are few for words of that length: one
 * for up to three letters, two for up to seven, then a third of the letters. A word that only differs in case is always
 * near.
 */
export function nearest(wrong: string, known: Iterable<string>): string | undefined {
  const folded = wrong.toLowerCase()
  let best: string | undefined
  let bestDistance = Infinity
  for (const word of known) {
    if (word === wrong) continue
    const allowed = Math.min(tolerance(wrong.length), bestDistance - 1)
    if (Math.abs(word.length - wrong.length) > allowed) continue
    const distance = typingDistance(folded, word.toLowerCase())
    if (distance <= allowed) {
      best = word
      bestDistance = distance
    }
  }
  return best
}

function tolerance(length: number): number {
  if (length <= 3) return 1
  return length <= 7 ? 2 : Math.floor(length / 3)
}

/** Letters inserted, left out, mistaken, or swapped with their next one (optimal string alignment). */
export function typingDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
