/** Keeps the end of what a program writes, without the secrets that it may have found in its environment. */
import { stripVTControlCharacters } from 'node:util'
import { createRedactor } from '../../base/redact.ts'

/** The end of what a program wrote. */
export interface OutputTail {
  write(chunk: Uint8Array): void
  /** Without terminal sequences and other control characters. */
  text(): string
}

const KEPT_BYTES = 16 * 1024
const KEPT_LINES = 40

/** Keeps the last bytes of a program's output, and shows them without these secrets. */
export function createOutputTail(secrets: readonly string[]): OutputTail {
  const redactor = createRedactor(secrets)
  let kept = Buffer.alloc(0)
  let cut = false
  return {
    write(chunk) {
      kept = Buffer.concat([kept, chunk])
      if (kept.length <= KEPT_BYTES) return
      cut = true
      kept = Buffer.from(kept.subarray(kept.length - KEPT_BYTES))
    },
    text() {
      // The first line may have lost its beginning, and a secret in it half of itself.
      const whole = cut ? kept.subarray(kept.indexOf(10) + 1 || kept.length) : kept
      const clean = stripVTControlCharacters(redactor.text(whole.toString('utf8'))).replace(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
        '',
      )
      return clean.split('\n').slice(-KEPT_LINES).join('\n')
    },
  }
}
