/** Reads configuration files. */
import { errorCode } from '../base/error-code.ts'
import { messageOf } from '../base/message-of.ts'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDocument } from 'yaml'
import { isObject } from '../base/is-object.ts'
import { UsageError } from '../base/usage-error.ts'
import { checkConfig, checkEndpointFile } from './check-config.ts'
import type { Config, EndpointConfig } from './config.ts'
import { type FindOptions, findConfig, isCode, shownPath } from './find-config.ts'

/** A configuration that was checked, and where it stands. */
export interface LoadedConfig {
  readonly config: Config
  /** Absolute; absent when there is no file. */
  readonly file?: string
}

/** Where to look, and what else to check. */
export interface LoadOptions extends FindOptions {
  /** This file, and no search; it may hold code wherever it is, since somebody named it. Relative to the folder. */
  readonly named?: string | undefined
  /** What else is wrong with the `lint` section, a sentence each: what only the linter knows. */
  readonly checkLint?: (section: unknown) => readonly string[]
  /** Told what was found and not read. */
  readonly warn?: ((text: string) => void) | undefined
}

/**
 * The configuration for commands in `folder`: the file that was named, else the one that is found, else none. Throws a
 * `UsageError` when it cannot be read, does not parse, or holds what it may not.
 */
export async function loadConfig(folder: string, options: LoadOptions): Promise<LoadedConfig> {
  const { file, passedOver } =
    options.named === undefined
      ? findConfig(folder, options)
      : { file: path.resolve(folder, options.named), passedOver: [] }
  for (const one of passedOver)
    options.warn?.(
      `${one} is not read: code is run only where it is asked for. Say --config ${one}, ` +
        'or write it as lambdacheck.config.yaml',
    )
  if (file === undefined) return { config: {} }
  const shown = shownPath(file, folder)
  if (!existsSync(file)) throw new UsageError(`${shown}: there is no such file`)
  const value = isCode(file) ? await evaluate(file, shown) : parse(file, shown)
  // An empty file is an empty configuration.
  const also = isObject(value) ? options.checkLint?.(value['lint']) : undefined
  return { config: checkConfig(value ?? {}, shown, also), file }
}

/** A file with one endpoint, YAML or JSON. */
export function loadEndpointFile(file: string, folder: string): EndpointConfig {
  const absolute = path.resolve(folder, file)
  const shown = shownPath(absolute, folder)
  if (!existsSync(absolute)) throw new UsageError(`${shown}: there is no such file`)
  return checkEndpointFile(parse(absolute, shown) ?? {}, shown)
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
      `${shown}${at === undefined ? '' : `:${at.line}:${at.col}`}: ` +
        `${mistake.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
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
      alias: { 'lambdacheck/lint': ownModule('../analyzer/rule-interface'), lambdacheck: ownModule('./config') },
    })
    return await jiti.import(file, { default: true })
  } catch (error) {
    const message = messageOf(error)
    throw new UsageError(`${shown}: cannot be evaluated: ${message.split('\n')[0]}`)
  }
}

/** `import { defineConfig } from 'lambdacheck'` must work for a global installation too. */
function ownModule(name: string): string {
  return fileURLToPath(new URL(`${name}${path.extname(fileURLToPath(import.meta.url))}`, import.meta.url))
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? String(error)
}
