/** Keeps the last bytes of what is written to it. */
export interface LogTail {
  readonly write: (chunk: Buffer | string) => void
  /** The kept bytes, at most the limit. */
  readonly read: () => Buffer
}

/** Keeps the last bytes of a log, no more than the limit. */
export function createLogTail(limit: number): LogTail {
  let chunks: Buffer[] = []
  let size = 0
  return {
    write(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      chunks.push(bytes.length > limit ? Buffer.from(bytes.subarray(-limit)) : bytes)
      size += Math.min(bytes.length, limit)
      if (size > 16 * limit) {
        chunks = [Buffer.concat(chunks).subarray(-limit)]
        size = limit
      }
    },
    read: () => Buffer.concat(chunks).subarray(-limit),
  }
}
