/**
 * How often the endpoint that was started for a run has ended, told by the process that started it to the workers that
 * run its cases: in a file beside their plan, so that whoever asks learns it at once.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isObject } from '../../base/is-object.ts'

/** What is known of how the endpoint has ended. */
export interface Endings {
  readonly count: number
  /** It is being started again. */
  readonly underWay: boolean
  /** When it ended last, in milliseconds since 1970. */
  readonly at: number
  /** How it ended last, with its last words. */
  readonly how: string
}

/** It has not ended. */
export const NO_ENDINGS: Endings = { count: 0, underWay: false, at: 0, how: '' }

/** For the workers that run by this plan. */
export function tellEndings(planFile: string, endings: Endings): void {
  try {
    // A reader finds the whole of the old one or of the new one.
    writeFileSync(`${fileOf(planFile)}.new`, JSON.stringify(endings), { mode: 0o600 })
    renameSync(`${fileOf(planFile)}.new`, fileOf(planFile))
  } catch {
    // The folder has gone: no worker asks any more.
  }
}

/** None where nobody has told of any. */
export function readEndings(planFile: string): Endings {
  try {
    const told: unknown = JSON.parse(readFileSync(fileOf(planFile), 'utf8'))
    return isObject(told) ? { ...NO_ENDINGS, ...told } : NO_ENDINGS
  } catch {
    return NO_ENDINGS
  }
}

function fileOf(planFile: string): string {
  return `${planFile}.endings`
}
