/** The members of an action, by where they travel. */
import type { Action, Member, MemberLocation, ResponseDef } from '../../spec/model.ts'

/** Request members in `location`, in page order. */
export function requestMembersIn(action: Action, location: MemberLocation): readonly Member[] {
  return action.request.filter(member => member.in === location)
}

/** The path as the guide writes it, and as it is sent: some end with a slash. Without the query. */
export function wirePath(action: Action): string {
  return action.path.split('?', 1)[0] ?? action.path
}

/** The same for comparing: a slash at the end makes no difference. */
export function plainPath(action: Action): string {
  return wirePath(action).replace(/(.)\/$/, '$1')
}

/** Query pairs that the path prints with a value, such as `find=LayerVersion`. */
export function fixedQuery(action: Action): readonly (readonly [string, string])[] {
  const query = action.path.split('?')[1]
  if (query === undefined) return []
  return query
    .split('&')
    .filter(pair => /^[^={}]+=[^{}]*$/.test(pair))
    .map(pair => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)] as const
    })
}

/** The answer that the request selects: a response whose `when` fits it, else the one without a condition. */
export function documentedResponse(
  action: Action,
  params: { readonly [member: string]: unknown },
): ResponseDef | undefined {
  const selected = action.responses.find(
    response =>
      response.when !== undefined && Object.entries(response.when).every(([member, value]) => params[member] === value),
  )
  return selected ?? action.responses.find(response => response.when === undefined) ?? action.responses[0]
}

/**
 * The answer that a status belongs to: the one selected if it has that status, else any with it, else the selected one.
 */
export function responseForStatus(
  action: Action,
  params: { readonly [member: string]: unknown } | null,
  status: number,
): ResponseDef | undefined {
  const selected = params === null ? undefined : documentedResponse(action, params)
  if (selected?.status === status) return selected
  return action.responses.find(response => response.status === status) ?? selected ?? action.responses[0]
}
