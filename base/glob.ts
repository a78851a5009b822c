/**
 * Does a whole text fit a glob, such as an id in a configuration or an action in a policy? `*` stands for any
 * characters and `?` for one; everything else is meant as it is written. Takes time in proportion to both lengths,
 * whatever the glob: it comes from somebody's file, and a regular expression would not promise that.
 */
export function matchesGlob(glob: string, id: string): boolean {
  let at = 0
  let read = 0
  let star = -1
  let resume = 0
  while (at < id.length) {
    if (glob[read] === '*') {
      star = read++
      resume = at
    } else if (read < glob.length && (glob[read] === '?' || glob[read] === id[at])) {
      read++
      at++
    } else if (star >= 0) {
      // The last star takes one character more.
      read = star + 1
      at = ++resume
    } else return false
  }
  while (glob[read] === '*') read++
  return read === glob.length
}
