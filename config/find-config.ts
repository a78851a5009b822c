/** The one search for the configuration file. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { UsageError } from '../base/usage-error.ts'

const DATA = ['yaml', 'yml', 'json']
/** To read these is to run them. */
const CODE = ['ts', 'mts', 'js', 'mjs']

/** What a search came upon. */
export interface FoundConfig {
  /** Absolute; absent when there is none. */
  readonly file?: string
  /** Files that hold code, and are nearer, and were passed over: relative to `folder`. */
  readonly passedOver: readonly string[]
}

/** What a search may come upon. */
export interface FindOptions {
  /** False: code is not looked at, not even in the folder itself. */
  readonly code: boolean
}

/**
 * The nearest `lambdacheck.config.*` of `folder` and the folders above it. Code counts in `folder` alone: what lies
 * above is often not of the one who runs the command. Throws a `UsageError` when a folder has two.
 */
export function findConfig(folder: string, { code }: FindOptions): FoundConfig {
  const passedOver: string[] = []
  const start = path.resolve(folder)
  for (let here = start; ; here = path.dirname(here)) {
    const data = present(here, DATA)
    const programs = present(here, CODE)
    const usable = code && here === start ? [...programs, ...data] : data
    if (usable.length > 1)
      throw new UsageError(
        `${usable.map(file => shownPath(file, folder)).join(' and ')}: ` +
          'only one of them can be the configuration; remove the others',
      )
    if (usable[0] !== undefined) return { file: usable[0], passedOver }
    passedOver.push(...programs.map(file => shownPath(file, folder)))
    if (path.dirname(here) === here) return { passedOver }
  }
}

/** Whether to read a file is to run it. */
export function isCode(file: string): boolean {
  return CODE.includes(path.extname(file).slice(1))
}

/** Relative to `folder`, for messages. */
export function shownPath(file: string, folder: string): string {
  const relative = path.relative(folder, file)
  return relative === '' ? '.' : relative
}

function present(folder: string, extensions: readonly string[]): readonly string[] {
  return extensions
    .map(extension => path.join(folder, `lambdacheck.config.${extension}`))
    .filter(file => existsSync(file))
}
