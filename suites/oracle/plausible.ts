/** May a value be a later one of a list that AWS adds to? */

/** Lists of at most this many values have hardly ever grown. */
const SMALL = 5

const STYLES = [/^[A-Z][A-Z0-9_]*$/, /^[A-Z][A-Za-z0-9.]*$/]

/**
 * Of a small list no; of a long one when the value is made like the others: of the same family (`nodejs26.x` beside
 * `nodejs22.x`), or in the same style (`DisabledKMSKey`, `VIRTUAL_HOST`). A documented value in other letters is never
 * a new one.
 */
export function isPlausible(value: string, documented: readonly string[]): boolean {
  const values = new Set(documented)
  const spelt = value.toLowerCase()
  if (documented.some(one => one !== value && one.toLowerCase() === spelt)) return false
  if (values.size <= SMALL) return false
  const family = familyOf(value)
  if (family !== '' && /^[a-z0-9.-]+$/.test(value) && documented.some(one => familyOf(one) === family)) return true
  return STYLES.some(style => style.test(value) && documented.every(one => style.test(one)))
}

/**
 * Is a value spelt as the documented ones are? What AWS may add tomorrow is; a documented value in other letters is
 * not, nor is `active` beside `Pending`.
 */
export function isSpeltAlike(value: string, documented: readonly string[]): boolean {
  const spelt = value.toLowerCase()
  if (documented.some(one => one !== value && one.toLowerCase() === spelt)) return false
  const theirs = STYLES.filter(style => documented.every(one => style.test(one)))
  return theirs.length === 0 || theirs.some(style => style.test(value))
}

/** The letters that a runtime's name begins with. */
function familyOf(value: string): string {
  return /^[a-z]+(?=[\d.]|$)/.exec(value)?.[0] ?? ''
}
