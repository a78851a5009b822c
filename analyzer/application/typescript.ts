/**
 * The one door to the TypeScript compiler. It takes a third of a second to load: only what runs after a cache miss may
 * import it.
 */
export { Project, ts } from 'ts-morph'
