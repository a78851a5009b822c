/**
 * The one door to the TypeScript compiler. It takes a tenth of a second to load, and three times that when nothing of it
 * was kept: only what runs after a cache miss may import it. `bin/compiler.js` loads it, ts-morph has its types.
 */
import { createRequire } from 'node:module'
import type { Project } from 'ts-morph'

export { ts } from '#compiler'

/** A project of ts-morph, which few runs need: only now is the rest of it loaded. */
export function makeProject(): Project {
  const tsMorph = createRequire(import.meta.url)('ts-morph') as typeof import('ts-morph')
  return new tsMorph.Project({ useInMemoryFileSystem: true })
}
