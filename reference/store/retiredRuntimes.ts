/**
 * Runtimes that are still among the legal values, and that the service refuses nevertheless for new functions and updates.
 */
const retired = new Set([
  'nodejs', 'nodejs4.3', 'nodejs4.3-edge', 'nodejs6.10', 'nodejs8.10', 'nodejs10.x', 'nodejs12.x', 'nodejs14.x',
  'python2.7', 'python3.6', 'python3.7', 'java8', 'go1.x', 'ruby2.5', 'ruby2.7', 'provided',
  'dotnetcore1.0', 'dotnetcore2.0', 'dotnetcore2.1', 'dotnetcore3.1',
])

export function isRetired(runtime: string): boolean {
  return retired.has(runtime)
}
