/**
 * A time of an answer, in seconds since 1970 or as a text, in milliseconds of the epoch; `NaN` for what is no time.
 * Some members have a zone without a colon, which not every reader takes.
 *
 * @since 0.1.0
 */
export function millisecondsOf(time: unknown): number {
  if (typeof time === 'number') return time * 1000
  return typeof time === 'string' ? Date.parse(time.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN
}
