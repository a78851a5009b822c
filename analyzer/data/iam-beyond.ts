/**
 * What AWS takes and writes in policies, and its service authorization reference does not list: `iam-beyond.json`,
 * kept by hand.
 */
import { readData } from './read-data.ts'

interface BeyondFile {
  readonly source: string
  /** Actions that AWS itself writes into policies, with where. */
  readonly actions: { readonly [action: string]: string }
  /** Condition keys of every service, without `aws:`; old ones that still count among them. */
  readonly globalKeys: readonly string[]
  /** Those of them that have several values in one request. */
  readonly manyValued: readonly string[]
  /** ARNs that IAM is asked about, where the reference names no resource: a pattern that takes one in is enough. */
  readonly askedAbout: { readonly [action: string]: readonly string[] }
}

const data = readData<BeyondFile>('iam-beyond.json')

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Whether AWS writes an action (`sns:Receive`, in any spelling) though its reference has none of that name. */
export const isWrittenByAws = (action: string): boolean =>
  Object.keys(data().actions).some(known => sameName(known, action))

/** The condition keys that every service knows: `aws:SourceArn`. */
export const globalKeys = (): readonly string[] => data().globalKeys.map(name => `aws:${name}`)

/** Whether every service knows a condition key, in any spelling. */
export const isGlobalKey = (key: string): boolean => globalKeys().some(known => sameName(known, key))

/** Whether every service knows a condition key, and a request has one value of it at most. */
export const hasOneValue = (key: string): boolean =>
  isGlobalKey(key) && !data().manyValued.some(name => sameName(`aws:${name}`, key))

/** The ARN patterns that IAM is asked about for an action whose reference names none. */
export const resourcesAskedAbout = (action: string): readonly string[] =>
  Object.entries(data().askedAbout).find(([known]) => sameName(known, action))?.[1] ?? []
