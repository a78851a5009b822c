/**
 * The sources of a package that something else makes: a script, a pipeline, a `local-exec`. A template that names but
 * the zip, or the folder that a build fills, says little: the one file of the project that fits its handler says the
 * rest.
 */

/** Names of files that many a function has: one of them alone is no evidence. */
const COMMON = /^(index|main|app|handlers?|lambda|lambda_function|lambda_handler|function|func|bootstrap|server)$/i

/** Words that a name of a function has in one place, and leaves out in another. */
const FILLER = /lambda|function|handler|fn$|[^a-z0-9]/g

const essence = (name: string): string => name.toLowerCase().replace(FILLER, '')

/** What is known of a package beside its handler. */
export interface BuiltPackage {
  /** Names of its zip, of the folder that is filled first, of the function. */
  readonly names: readonly string[]
  /** The folder of the template, which tells what is near. */
  readonly template: string
  /** Whether nothing but its name in some store is known. */
  readonly stored: boolean
}

/**
 * The folder whose code becomes the package; undefined where none or more than one may.
 * @param homes folders below which a file of the project is what the handler names.
 * @param module of the handler, `index` or `pkg/main`.
 */
export function homeOfBuilt(homes: readonly string[], module: string, built: BuiltPackage): string | undefined {
  const names = new Set(built.names.map(essence).filter(name => name !== ''))
  const alike = homes.filter(home => home.split('/').some(part => names.has(essence(part))))
  if (built.stored && !alike.length && COMMON.test(module.split('/').at(-1) ?? '')) return undefined
  const candidates = alike.length ? alike : homes
  const shared = candidates.map(home => sharedSteps(home, built.template))
  const [only, ...others] = candidates.filter((_, index) => shared[index] === Math.max(...shared))
  return others.length ? undefined : only
}

/** How many folders two paths go together. */
function sharedSteps(one: string, other: string): number {
  const [left, right] = [one.split('/'), other.split('/')]
  const parted = left.findIndex((step, index) => step !== right[index])
  return parted < 0 ? left.length : parted
}
