/** Keeps the end of what a program writes. */
import { stripVTControlCharacters } from 'node:util'

export interface OutputTail {
  write(chunk: Uint8Array): void
  /** Without terminal sequences and other control characters. */
  text(): string
}

const KEPT_BYTES = 16 * 1024
const KEPT_LINES = 40

export function createOutputTail(): OutputTail {
  let kept = Buffer.alloc(0)
  return {
    write(chunk) {
      kept = Buffer.concat([kept, chunk])
      if (kept.length > KEPT_BYTES) kept = Buffer.from(kept.subarray(kept.length - KEPT_BYTES))
    },
    text() {
      const clean = stripVTControlCharacters(kept.toString('utf8')).replace(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
        '',
      )
      return clean.split('\n').slice(-KEPT_LINES).join('\n')
    },
  }
}
