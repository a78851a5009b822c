/** What the exchanges of a file have done so far: an answer that cannot follow from them is wrong. */
import { textOf } from '../../base/text-of.ts'
import { isObject } from '../../base/is-object.ts'
import { parseFunctionArn, parseFunctionName } from '../oracle/arn.ts'
import { show, type Violation } from '../oracle/violation.ts'
import type { SeenExchange, SentCall } from './exchange.ts'

export interface History {
  /** What is wrong with an exchange after those that were remembered. */
  trouble(exchange: SeenExchange): readonly Violation[]
  remember(exchange: SeenExchange): void
  sent(call: SentCall): void
}

/** A function as far as it is known; what an unanswered call may have changed is not known any more. */
interface Known {
  state?: 'there' | 'deleted' | undefined
  /** `region account` */
  place?: string
  versions: Set<string>
  /** The revision id of the unpublished version or function, and whether a write has come since. */
  revision?: string | undefined
  aliases: Set<string>
  statements: Set<string>
  urls: Set<string>
}

type Members = { readonly [member: string]: unknown }

export function createHistory(): History {
  const functions = new Map<string, Known>()

  function known(history: string, params: Members | null): Known | undefined {
    const name = parseFunctionName(params?.['FunctionName'] ?? params?.['Resource'])?.name
    if (name === undefined) return undefined
    const key = `${history}\n${name}`
    const found = functions.get(key) ?? {
      versions: new Set(),
      aliases: new Set(),
      statements: new Set(),
      urls: new Set(),
    }
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
      const qualifier = params?.['Qualifier'] ?? parseFunctionName(params?.['FunctionName'])?.qualifier
      if (succeeded) {
        const asksFunction = !/^(CreateFunction|ListEventSourceMappings|CreateEventSourceMapping)$/.test(name)
        if (fn.state === 'deleted' && asksFunction)
          wrong('the function was deleted before', 'ResourceNotFoundException', `status ${answer.status}`)
        if (exchange.whole && fn.state === 'there' && name === 'CreateFunction')
          wrong('the function was there before', 'ResourceConflictException', `status ${answer.status}`)
        if (exchange.whole && name === 'CreateAlias' && fn.aliases.has(textOf(params?.['Name'])))
          wrong('the alias was there before', 'ResourceConflictException', `status ${answer.status}`)
        if (
          exchange.whole &&
          name === 'AddPermission' &&
          fn.statements.has(`${textOf(qualifier)} ${textOf(params?.['StatementId'])}`)
        )
          wrong('the statement was there before', 'ResourceConflictException', `status ${answer.status}`)
        if (exchange.whole && name === 'CreateFunctionUrlConfig' && fn.urls.has(textOf(qualifier)))
          wrong('the function had a URL before', 'ResourceConflictException', `status ${answer.status}`)
        const place = placeOf(answer.members ?? {})
        if (place !== undefined && fn.place !== undefined && place !== fn.place)
          wrong('the function is where it was before', fn.place, place)
      } else if (
        exchange.whole &&
        fn.state === 'there' &&
        qualifier === undefined &&
        answer.error?.name === 'ResourceNotFoundException'
      ) {
        const text = answer.error.message ?? ''
        if (/^Function not found: /.test(text) && /^(Get|Update)Function(Configuration|Code)?$/.test(name))
          wrong('the function was made before, and not deleted', 'a success', text.slice(0, 120))
      }
      if (name === 'PublishVersion' && succeeded && exchange.whole) {
        const version = textOf(answer.members?.['Version'])
        const most = Math.max(0, ...[...fn.versions].map(Number))
        if (/^\d+$/.test(version) && fn.versions.size > 0 && Number(version) < most)
          wrong('numbers of versions grow', `${most} or more`, version)
      }
      return found
    },
    remember({ action, params, answer, history }) {
      const fn = known(history, params)
      if (fn === undefined || action === null || answer.status === undefined) return
      const succeeded = answer.status < 400
      const qualifier = params?.['Qualifier'] ?? parseFunctionName(params?.['FunctionName'])?.qualifier
      const { name } = action
      if (succeeded) {
        fn.place = placeOf(answer.members ?? {}) ?? fn.place ?? ''
        if (fn.place === '') delete fn.place
      }
      if (name === 'DeleteFunction' && succeeded) {
        if (qualifier === undefined) forget(fn, 'deleted')
        else fn.versions.delete(textOf(qualifier))
      } else if (name === 'CreateFunction' && succeeded) forget(fn, 'there')
      else if (succeeded && /^(GetFunction|GetFunctionConfiguration|UpdateFunction(Code|Configuration))$/.test(name))
        fn.state = 'there'
      if (!succeeded) return
      if (name === 'CreateAlias') fn.aliases.add(textOf(params?.['Name']))
      if (name === 'DeleteAlias') fn.aliases.delete(textOf(params?.['Name']))
      if (name === 'AddPermission') fn.statements.add(`${textOf(qualifier)} ${textOf(params?.['StatementId'])}`)
      if (name === 'RemovePermission') fn.statements.delete(`${textOf(qualifier)} ${textOf(params?.['StatementId'])}`)
      if (name === 'CreateFunctionUrlConfig') fn.urls.add(textOf(qualifier))
      if (name === 'DeleteFunctionUrlConfig') fn.urls.delete(textOf(qualifier))
      if (name === 'PublishVersion') fn.versions.add(textOf(answer.members?.['Version']))
    },
    sent({ operation, params, history }) {
      const fn = known(history, params)
      if (fn === undefined) return
      // Whether it succeeded is not known: what it may have changed is not known either.
      if (/^(Create|Delete)Function$/.test(operation)) forget(fn, undefined)
      if (/Alias$/.test(operation)) fn.aliases.clear()
      if (/Permission$/.test(operation)) fn.statements.clear()
      if (/UrlConfig$/.test(operation)) fn.urls.clear()
    },
  }
}

function forget(fn: Known, state: Known['state']): void {
  fn.state = state
  fn.versions.clear()
  fn.aliases.clear()
  fn.statements.clear()
  fn.urls.clear()
}

function placeOf(members: Members): string | undefined {
  const configuration = isObject(members['Configuration']) ? members['Configuration'] : members
  const arn = parseFunctionArn(configuration['FunctionArn'] ?? configuration['AliasArn'])
  return arn === null ? undefined : show(`${arn.region} ${arn.account}`)
}
