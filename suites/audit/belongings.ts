/**
 * What belongs to a function or a layer, and is made and taken away by calls: aliases, versions, statements, URLs,
 * settings of their own.
 */
import { textOf } from '../../base/text-of.ts'
import { parseFunctionName } from '../oracle/arn.ts'

type Members = { readonly [member: string]: unknown }

/** One call, as far as belongings are concerned. */
export interface AnsweredCall {
  readonly action: string
  readonly params: Members | null
  /** Members of the answer; undefined when nobody knows it. */
  readonly members: Members | undefined
}

/** What is known of the belongings of one owner. */
export interface Belongings {
  /** Whether something is there; undefined when nobody knows. */
  has(kind: Kind, key: string): boolean | undefined
  /** Keys of a kind that are there. */
  keys(kind: Kind): readonly string[]
  /** A call succeeded, or nobody knows whether it did. */
  note(call: AnsweredCall): void
  /** Somebody was told that it is not there. */
  missing(kind: Kind, key: string): void
  /** The owner was made, and `whole`: every call since is known, so that what was not made is not there. */
  begin(whole: boolean): void
}

/** What can belong to a function. */
export type Kind = 'alias' | 'version' | 'statement' | 'url' | 'provisioned' | 'event invoke config'

interface Rule {
  readonly kind: Kind
  readonly makes: RegExp
  readonly unmakes: RegExp
  /** Undefined: the call makes or takes away nothing of the kind. */
  key(call: AnsweredCall): string | undefined
}

/** The qualifier that a request names, `$LATEST` when it names none. */
export function qualifierOf(params: Members | null): string {
  return textOf(params?.['Qualifier'] || (parseFunctionName(params?.['FunctionName'])?.qualifier ?? '$LATEST'))
}

const named = ({ params }: AnsweredCall): string => textOf(params?.['Name'])
const qualified = ({ params }: AnsweredCall): string => qualifierOf(params)

const RULES: readonly Rule[] = [
  { kind: 'alias', makes: /^CreateAlias$/, unmakes: /^DeleteAlias$/, key: named },
  {
    kind: 'version',
    makes: /^(PublishVersion|CreateFunction|UpdateFunctionCode)$/,
    unmakes: /^DeleteFunction$/,
    key({ action, params, members }) {
      const version = textOf(action === 'DeleteFunction' ? qualifierOf(params) : (members?.['Version'] ?? ''))
      return /^\d+$/.test(version) ? version : undefined
    },
  },
  {
    kind: 'statement',
    makes: /^AddPermission$/,
    unmakes: /^RemovePermission$/,
    key: call => `${qualified(call)} ${textOf(call.params?.['StatementId'])}`,
  },
  { kind: 'url', makes: /^CreateFunctionUrlConfig$/, unmakes: /^DeleteFunctionUrlConfig$/, key: qualified },
  {
    kind: 'provisioned',
    makes: /^PutProvisionedConcurrencyConfig$/,
    unmakes: /^DeleteProvisionedConcurrencyConfig$/,
    key: qualified,
  },
  {
    kind: 'event invoke config',
    makes: /^PutFunctionEventInvokeConfig$/,
    unmakes: /^DeleteFunctionEventInvokeConfig$/,
    key: qualified,
  },
]

/** Remembers what of a function was seen to be there, and to be gone. */
export function createBelongings(): Belongings {
  const states = new Map<string, boolean>()
  /** Kinds of which some call may have made what nobody knows. */
  const unclear = new Set<Kind>()
  let whole = false
  return {
    has: (kind, key) => states.get(`${kind} ${key}`) ?? (whole && !unclear.has(kind) ? false : undefined),
    keys: kind =>
      [...states]
        .filter(([key, there]) => there && key.startsWith(`${kind} `))
        .map(([key]) => key.slice(kind.length + 1)),
    note(call) {
      for (const { kind, makes, unmakes, key } of RULES) {
        const making = makes.test(call.action)
        if (!making && !unmakes.test(call.action)) continue
        const name = key(call)
        if (call.members === undefined) {
          // Only who asks for it gets a version beside the function.
          if (/Function/.test(call.action) && kind === 'version' && making && call.params?.['Publish'] !== true)
            continue
          // Taking away what is there succeeds.
          if (!making && name !== undefined && states.get(`${kind} ${name}`) === true)
            states.set(`${kind} ${name}`, false)
          else {
            if (name !== undefined) states.delete(`${kind} ${name}`)
            // Whatever was missing may have been made.
            else if (making)
              for (const [key, there] of states) if (!there && key.startsWith(`${kind} `)) states.delete(key)
            unclear.add(kind)
          }
        } else if (name !== undefined) states.set(`${kind} ${name}`, making)
      }
    },
    missing: (kind, key) => void states.set(`${kind} ${key}`, false),
    begin(everyCallIsKnown) {
      states.clear()
      unclear.clear()
      whole = everyCallIsKnown
    },
  }
}

const ASKS: readonly (readonly [RegExp, Kind, (params: Members | null) => string])[] = [
  [/^(Get|Update)Alias$/, 'alias', params => textOf(params?.['Name'])],
  [/^RemovePermission$/, 'statement', params => `${qualifierOf(params)} ${textOf(params?.['StatementId'])}`],
  [/^(Get|Update|Delete)FunctionUrlConfig$/, 'url', qualifierOf],
  [/^GetProvisionedConcurrencyConfig$/, 'provisioned', qualifierOf],
  [/^(Get|Update|Delete)FunctionEventInvokeConfig$/, 'event invoke config', qualifierOf],
]

/** What a call asks for that is surely not there; undefined when all of it may be. */
export function askedInVain(belongings: Belongings, action: string, params: Members | null): string | undefined {
  const qualifier = qualifierOf(params)
  const kind = /^\d+$/.test(qualifier) ? 'version' : 'alias'
  // The URL of an alias outlives it (so a recorded sequence is called).
  const outlives = action.endsWith('FunctionUrlConfig') && action !== 'CreateFunctionUrlConfig'
  // Deleting a version that is not there succeeds, as long as its function is.
  if (
    !outlives &&
    action !== 'DeleteFunction' &&
    !qualifier.startsWith('$') &&
    belongings.has(kind, qualifier) === false
  )
    return `the ${kind} ${qualifier}`
  const asked = ASKS.find(([actions]) => actions.test(action))
  if (asked !== undefined && belongings.has(asked[1], asked[2](params)) === false) return `the ${asked[1]}`
  if (action !== 'GetPolicy' || belongings.has('statement', `${qualifier} `) !== false) return undefined
  return belongings.keys('statement').some(key => key.startsWith(`${qualifier} `)) ? undefined : 'the policy'
}
