/** Finds and reads configuration files. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseDocument } from 'yaml'
import { checkConfig, checkEndpointFile } from './check-config.ts'
import type { Config, EndpointConfig } from './config.ts'
import { UsageError } from './usage-error.ts'

const NAMES = ['ts', 'mts', 'js', 'mjs', 'yaml', 'yml', 'json'].map(extension => `lambdacheck.config.${extension}`)

export interface LoadedConfig {
  readonly config: Config
  /** Absolute; absent when there is no file. */
  readonly file?: string
}

/**
 * The nearest `lambdacheck.config.*` of `folder` and the folders above it, or none. Throws a `UsageError` when it cannot be read, does
 * not parse, or holds what it may not.
 */
export async function loadConfig(folder: string): Promise<LoadedConfig> {
  const file = findConfig(folder)
  if (file === undefined) return { config: {} }
  const shown = shownPath(file, folder)
  const value = /\.[mc]?[jt]s$/.test(file) ? await evaluate(file, shown) : parse(file, shown)
  // An empty file is an empty configuration.
  return { config: checkConfig(value ?? {}, shown), file }
}

/** A file with one endpoint, YAML or JSON. */
export function loadEndpointFile(file: string, folder: string): EndpointConfig {
  const absolute = path.resolve(folder, file)
  const shown = shownPath(absolute, folder)
  if (!existsSync(absolute)) throw new UsageError(`${shown}: there is no such file`)
  return checkEndpointFile(parse(absolute, shown) ?? {}, shown)
}

function findConfig(folder: string): string | undefined {
  for (let here = path.resolve(folder); ; here = path.dirname(here)) {
    const found = NAMES.map(name => path.join(here, name)).filter(file => existsSync(file))
    if (found.length > 1)
      throw new UsageError(
        `${found.map(file => shownPath(file, folder)).join(' and ')}: only one of them can be the configuration; remove the others`,
      )
    if (found[0] !== undefined) return found[0]
    if (path.dirname(here) === here) return undefined
  }
}

function parse(file: string, shown: string): unknown {
  let text: string
  try {
    if (statSync(file).isDirectory()) throw new UsageError(`${shown}: is a folder, not a file`)
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${shown}: cannot be read (${codeOf(error)})`)
  }
  // JSON is YAML too, and this parser knows the line of a mistake.
  const document = parseDocument(text, { prettyErrors: true })
  const mistake = document.errors[0]
  if (mistake !== undefined) {
    const at = mistake.linePos?.[0]
    throw new UsageError(
      `${shown}${at === undefined ? '' : `:${at.line}:${at.col}`}: ${mistake.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
    )
  }
  return document.toJS({ maxAliasCount: 100 })
}

async function evaluate(file: string, shown: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  try {
    const jiti = createJiti(file, {
      interopDefault: true,
      fsCache: false,
      moduleCache: false,
      alias: { lambdacheck: ownEntry() },
    })
    return await jiti.import(file, { default: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${shown}: cannot be evaluated: ${message.split('\n')[0]}`)
  }
}

/** `import { defineConfig } from 'lambdacheck'` must work for a global installation too. */
function ownEntry(): string {
  return new URL(`./config${path.extname(new URL(import.meta.url).pathname)}`, import.meta.url).pathname
}

function shownPath(file: string, folder: string): string {
  const relative = path.relative(folder, file)
  return relative === '' ? '.' : relative
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
