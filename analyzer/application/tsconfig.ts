/** `paths` and `baseUrl` of the nearest tsconfig.json, read and not run. */
import { dirname, join, resolve } from 'node:path'
import { parse } from 'jsonc-parser'

interface Paths {
  readonly base: string
  readonly patterns: readonly {
    readonly prefix: string
    readonly suffix: string
    readonly targets: readonly string[]
  }[]
  readonly baseUrl: string | undefined
}

const MAX_EXTENDS = 8

/**
 * Answers the absolute stems that a bare specifier may mean in a file, by the tsconfig.json above it; empty when none
 * maps it.
 */
export function pathMapper(
  root: string,
  read: (path: string) => string | undefined,
): (from: string, specifier: string) => readonly string[] {
  const byDirectory = new Map<string, Paths | null>()

  const near = (directory: string): Paths | null => {
    const known = byDirectory.get(directory)
    if (known !== undefined) return known
    const here = readPaths(join(directory, 'tsconfig.json'), 0, read)
    const parent = dirname(directory)
    const isTop = directory === root || parent === directory
    const above = (): Paths | null => (isTop ? null : near(parent))
    const found = here !== undefined ? here : above()
    byDirectory.set(directory, found)
    return found
  }

  return (from, specifier) => {
    const paths = near(dirname(from))
    if (!paths) return []
    const stems: string[] = []
    for (const { prefix, suffix, targets } of paths.patterns) {
      if (
        !specifier.startsWith(prefix) ||
        !specifier.endsWith(suffix) ||
        specifier.length < prefix.length + suffix.length
      )
        continue
      const middle = specifier.slice(prefix.length, specifier.length - suffix.length)
      for (const target of targets) stems.push(resolve(paths.base, target.replace('*', middle)))
    }
    if (paths.baseUrl !== undefined) stems.push(resolve(paths.baseUrl, specifier))
    return stems
  }
}

/** Undefined when there is no such file, null when it maps nothing. */
function readPaths(file: string, depth: number, read: (path: string) => string | undefined): Paths | null | undefined {
  const text = read(file)
  if (text === undefined) return undefined
  const config = parse(text, [], { allowTrailingComma: true }) as
    | { extends?: unknown; compilerOptions?: { baseUrl?: unknown; paths?: unknown } }
    | undefined
  const options = config?.compilerOptions
  const inherited =
    typeof config?.extends === 'string' && config.extends.startsWith('.') && depth < MAX_EXTENDS
      ? (readPaths(resolve(dirname(file), config.extends), depth + 1, read) ??
        readPaths(resolve(dirname(file), `${config.extends}.json`), depth + 1, read))
      : undefined
  const baseUrl = typeof options?.baseUrl === 'string' ? resolve(dirname(file), options.baseUrl) : undefined
  if (options?.paths && typeof options.paths === 'object') {
    const patterns = Object.entries(options.paths as Record<string, unknown>).flatMap(([pattern, targets]) => {
      const [prefix = '', suffix = ''] = pattern.split('*')
      return Array.isArray(targets)
        ? [
            {
              prefix,
              suffix: pattern.includes('*') ? suffix : '',
              targets: targets.filter((one): one is string => typeof one === 'string'),
            },
          ]
        : []
    })
    return { base: baseUrl ?? dirname(file), patterns, baseUrl }
  }
  if (baseUrl !== undefined) return { base: baseUrl, patterns: [], baseUrl }
  return inherited ?? null
}
