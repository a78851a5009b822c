/** `2024-04-17T07:04:49.000+0000`, the form of most textual times of the service. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000')
}

/** Seconds since 1970, the form of its numeric times. */
export function unixTime(ms: number): number {
  return ms / 1000
}
