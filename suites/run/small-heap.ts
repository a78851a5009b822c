/** How V8 is told to keep less memory than it would by itself. It reads this when a heap or a thread begins. */
import { setFlagsFromString } from 'node:v8'

/** One of the three parts of the heap in which new objects are: what is young here dies young, and V8 keeps 16 MB. */
const YOUNG_MB = 4

/** What lives on is a fraction of what the heap would grow to before anybody looked. */
const GROWING_PERCENT = 20

/**
 * Also for the parser of HTTP, which is WebAssembly: to make faster code of its one large function V8 takes 40 MB in
 * each thread, which the allocator never gives back.
 */
export function keepHeapsSmall(): void {
  setFlagsFromString(`--max-semi-space-size=${YOUNG_MB}`)
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`)
  setFlagsFromString('--liftoff-only')
}
