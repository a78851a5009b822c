/** The code of an error of the system or of a library (`ENOENT`, `ECONNREFUSED`); undefined when it bears none. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
