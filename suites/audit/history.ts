/** What the exchanges of a file have done so far: an answer that cannot follow from them is wrong. */
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import { parseFunctionArn, parseFunctionName } from '../oracle/arn.ts'
import { show, type Violation } from '../oracle/violation.ts'
import type { Spec } from '../../spec/model.ts'
import { belongingsOf, qualifierOf } from './belonging.ts'
import { createBelongings, type Belongings } from './belongings.ts'
import type { SeenExchange, SentCall } from './exchange.ts'

/** What has been seen so far, and what cannot follow from it. */
export interface History {
  /** What is wrong with an exchange after those that were remembered. */
  trouble(exchange: SeenExchange): readonly Violation[]
  remember(exchange: SeenExchange): void
  sent(call: SentCall): void
}

/** A function as far as it is known; what an unanswered call may have changed is not known any more. */
interface Known {
  state?: 'there' | 'gone' | undefined
  /** Reserved concurrency as it was set last. */
  reserved?: unknown
  /** `Zip` or `Image`, which never changes. */
  packageType?: string | undefined
  /** `region account` */
  place?: string
  readonly belongings: Belongings
}

type Members = { readonly [member: string]: unknown }

/** Begins without a past: functions are known from the first exchange about them. */
export function createHistory(spec: Pick<Spec, 'actions' | 'resources'>): History {
  const kinds = belongingsOf(spec)
  const functions = new Map<string, Known>()

  function known(history: string, params: Members | null): Known | undefined {
    const name = parseFunctionName(params?.['FunctionName'] ?? params?.['Resource'])?.name
    if (name === undefined) return undefined
    const key = `${history}\n${name}`
    const found = functions.get(key) ?? { belongings: createBelongings(kinds) }
    functions.set(key, found)
    return found
  }

  return {
    trouble(exchange) {
      const { answer, params, action, history } = exchange
      const fn = known(history, params)
      if (fn === undefined || action === null || answer.status === undefined) return []
      const found: Violation[] = []
      const wrong = (message: string, expected: string, actual: string): void => {
        found.push({ clause: `${action.name}.answer`, path: [], message, expected, actual })
      }
      const { name } = action
      const succeeded = answer.status < 400
      if (succeeded) {
        for (const [why, due] of refusalsDue(fn, name, params, exchange.whole))
          wrong(why, due, `status ${answer.status}`)
        const place = placeOf(answer.members ?? {})
        if (place !== undefined && fn.place !== undefined && place !== fn.place)
          wrong('the function is where it was before', fn.place, place)
      } else if (exchange.whole) neverDeleted(fn, name, exchange, wrong)
      if (name === 'PublishVersion' && succeeded && exchange.whole) {
        const version = textOf(answer.members?.['Version'])
        const versions = fn.belongings.keys('version')
        const most = Math.max(0, ...versions.map(Number))
        if (/^\d+$/.test(version) && versions.length > 0 && Number(version) < most)
          wrong('numbers of versions grow', `${most} or more`, version)
      }
      return found
    },
    remember({ action, params, answer, history, whole }) {
      const fn = known(history, params)
      if (fn === undefined || action === null || answer.status === undefined) return
      const succeeded = answer.status < 400
      const qualifier = params?.['Qualifier'] ?? parseFunctionName(params?.['FunctionName'])?.qualifier
      const { name } = action
      if (succeeded) {
        fn.packageType = packageTypeOf(answer.members ?? {}) ?? fn.packageType
        fn.place = placeOf(answer.members ?? {}) ?? fn.place ?? ''
        if (fn.place === '') delete fn.place
      }
      if (name === 'DeleteFunction' && succeeded) {
        if (qualifier === undefined) forget(fn, 'gone')
      } else if (name === 'CreateFunction' && succeeded) forget(fn, 'there', whole)
      else if (succeeded && /^(GetFunction|GetFunctionConfiguration|UpdateFunction(Code|Configuration))$/.test(name))
        fn.state = 'there'
      if (succeeded) {
        fn.belongings.note({ action: name, params, members: answer.members ?? {} })
        noteReserved(fn, name, params?.['ReservedConcurrentExecutions'])
      } else if (whole) noteMissing(fn, params, answer.error?.message ?? '')
    },
    sent({ operation, params, history }) {
      const fn = known(history, params)
      if (fn === undefined) return
      // Whether it succeeded is not known: what it may have changed is not known either.
      if (/^(Create|Delete)Function$/.test(operation)) {
        // Whatever is found of the name from now on was made by this call, or by none.
        const fresh = operation === 'CreateFunction' && fn.state !== 'there'
        // Deleting what is there succeeds, and what is not there is gone as well.
        const gone = operation === 'DeleteFunction' ? 'gone' : undefined
        if (operation === 'CreateFunction' || qualifierOf(params) === '$LATEST') forget(fn, gone, fresh)
      }
      fn.belongings.note({ action: operation, params, members: undefined })
      noteReserved(fn, operation, undefined)
    },
  }
}

/** Why a call that succeeded was to be refused after what came before, and with which error. */
function refusalsDue(
  fn: Known,
  action: string,
  params: Members | null,
  whole: boolean,
): readonly (readonly [string, string])[] {
  const asksFunction = !/^(CreateFunction|ListEventSourceMappings|CreateEventSourceMapping)$/.test(action)
  const there = whole && fn.state === 'there' && action === 'CreateFunction' ? 'the function' : undefined
  const twice = there ?? (whole ? fn.belongings.madeTwice(action, params) : undefined)
  const unfit = otherPackage(fn.packageType, action, params)
  const missing = asksFunction ? fn.belongings.askedInVain(action, params) : undefined
  const found: (readonly [string, string])[] = []
  if (fn.state === 'gone' && asksFunction)
    found.push(['the function was deleted before, or told to be missing', 'ResourceNotFoundException'])
  if (
    whole &&
    fn.reserved === 0 &&
    /^Invoke/.test(action) &&
    (params?.['InvocationType'] ?? 'RequestResponse') === 'RequestResponse'
  )
    found.push(['the concurrency of the function is 0', 'TooManyRequestsException'])
  if (twice !== undefined) found.push([`${twice} was there before`, 'ResourceConflictException'])
  if (unfit !== undefined) found.push([unfit, 'InvalidParameterValueException'])
  if (missing !== undefined) found.push([`${missing} is not there`, 'ResourceNotFoundException'])
  return found
}

/** A function that was made and not deleted cannot be missing. */
function neverDeleted(
  fn: Known,
  name: string,
  { params, answer }: SeenExchange,
  wrong: (message: string, expected: string, actual: string) => void,
): void {
  const qualifier = params?.['Qualifier'] ?? parseFunctionName(params?.['FunctionName'])?.qualifier
  if (fn.state !== 'there' || qualifier !== undefined || answer.error?.name !== 'ResourceNotFoundException') return
  const text = answer.error.message ?? ''
  if (/^Function not found: /.test(text) && /^(Get|Update)Function(Configuration|Code)?$/.test(name))
    wrong('the function was made before, and not deleted', 'a success', text.slice(0, 120))
}

/** What a refusal tells to be missing stays so until it is made. */
function noteMissing(fn: Known, params: Members | null, text: string): void {
  const [, what, told, qualifier] =
    /^(Function not found|Cannot find alias arn|Alias not found): arn:[^:]+:lambda:[^:]*:\d*:function:([^: ]+)(?::(\S+))?$/.exec(
      text,
    ) ?? []
  if (told === undefined || told !== parseFunctionName(params?.['FunctionName'] ?? params?.['Resource'])?.name) return
  if (qualifier === undefined || qualifier === '$LATEST') forget(fn, what === 'Function not found' ? 'gone' : fn.state)
  else fn.belongings.missing(/^\d+$/.test(qualifier) ? 'version' : 'alias', qualifier)
}

function noteReserved(fn: Known, action: string, value: unknown): void {
  if (/^(Put|Delete)FunctionConcurrency$/.test(action)) fn.reserved = value
}

function forget(fn: Known, state: Known['state'], whole = false): void {
  fn.state = state
  fn.reserved = undefined
  fn.packageType = undefined
  fn.belongings.begin(whole)
}

function packageTypeOf(members: Members): string | undefined {
  const configuration = isObject(members['Configuration']) ? members['Configuration'] : members
  const type = configuration['PackageType']
  return typeof type === 'string' ? type : undefined
}

/** Why code cannot be of a function of this package type; undefined when it can. */
function otherPackage(type: string | undefined, action: string, params: Members | null): string | undefined {
  if (action !== 'UpdateFunctionCode' || type === undefined || params === null) return undefined
  const image = params['ImageUri'] !== undefined
  const zip = params['ZipFile'] !== undefined || params['S3Bucket'] !== undefined
  return (image && type === 'Zip') || (zip && type === 'Image')
    ? `the function is of package type ${type}, which does not change`
    : undefined
}

function placeOf(members: Members): string | undefined {
  const configuration = isObject(members['Configuration']) ? members['Configuration'] : members
  const arn = parseFunctionArn(configuration['FunctionArn'] ?? configuration['AliasArn'])
  return arn === null ? undefined : show(`${arn.region} ${arn.account}`)
}
