/**
 * One bad item costs one item: what breaks the analyzer in one template or file is lost, named, and everything else
 * goes on. Such a loss is a fault of ours, never of the project.
 */
export function guarded<T>(what: string, lost: string[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (lost.length < MAX_LOSSES) lost.push(`${what} was left out, for it broke the analyzer: ${reasonOf(error)}`)
    return undefined
  }
}

/** Nobody reads more of them. */
const MAX_LOSSES = 100

/** The message, and where it came from: a defect is to be found by what a user can copy. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown'
  const place = error.stack?.split('\n')[1]?.trim()
  return `${error.message.slice(0, 300)}${place === undefined ? '' : ` (${place})`}`
}
