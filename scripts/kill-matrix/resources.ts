/** Endpoints that break one law of every resource: what the Lifecycle and Laws tables give by themselves. */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import type { Lifecycle, Spec } from '../../spec/model.ts'
import {
  answer,
  jsonOf,
  withJson,
  type Answered,
  type Behaviour,
  type Passing,
} from '../../suites/testing/faults/fault.ts'
import { withMembers, type Members } from '../../suites/testing/faults/requests.ts'

/** One way to break the laws. */
export interface Lawless {
  readonly name: string
  readonly wrong: string
  behaviour(spec: Spec): Behaviour
}

type Role = Exclude<keyof Lifecycle, 'resource' | 'key' | 'marks' | 'source'>

/** Endpoints that keep one law of a resource less. */
export const LAWLESS: readonly Lawless[] = [
  {
    name: 'nothing-deleted',
    wrong: 'deletions are confirmed and not done',
    behaviour: spec => onRoles(spec, ['delete'], async request => confirmed(spec, request)),
  },
  {
    name: 'nothing-updated',
    wrong: 'updates are confirmed and not done',
    behaviour: spec =>
      onRoles(spec, ['update'], async (_, forward) => forward({ method: 'GET', body: Buffer.alloc(0) })),
  },
  {
    name: 'nothing-put',
    wrong: 'what is put is confirmed and not done',
    behaviour: spec =>
      onRoles(spec, ['create'], async (request, forward) =>
        request.method === 'PUT'
          ? { ...confirmed(spec, request), body: Buffer.from(request.body.length > 0 ? request.body : '{}') }
          : forward(),
      ),
  },
  {
    name: 'published-as-one',
    wrong: 'every publication has the number 1',
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return /^Publish/.test(request.action ?? '') && given.status < 300
        ? withJson(given, value => ({ ...value, Version: typeof value['Version'] === 'number' ? 1 : '1' }))
        : given
    },
  },
  {
    name: 'events-lost',
    wrong: 'events are taken and lost',
    behaviour: () => async (request, forward) =>
      request.headers['x-amz-invocation-type'] === 'Event'
        ? { status: 202, headers: {}, body: Buffer.alloc(0) }
        : forward(),
  },
  {
    name: 'nothing-unknown',
    wrong: 'what does not exist is answered as the last that did',
    behaviour: spec => {
      const last = new Map<string | undefined, Answered>()
      return onRoles(spec, ['read', 'update', 'delete'], async (request, forward) => {
        const given = await forward()
        if (given.status < 300) last.set(request.action, given)
        return given.status === 404 ? (last.get(request.action) ?? confirmed(spec, request)) : given
      })
    },
  },
  {
    name: 'created-again',
    wrong: 'what is there is created once more, and nothing happens',
    behaviour: spec => {
      const last = new Map<string | undefined, Answered>()
      return onRoles(spec, ['create'], async (request, forward) => {
        const given = await forward()
        if (given.status < 300) last.set(request.action, given)
        return given.status === 409 ? (last.get(request.action) ?? given) : given
      })
    },
  },
  {
    name: 'created-once',
    wrong: 'every second creation is refused as one that is there',
    behaviour: spec => {
      const made = new Set<string>()
      return onRoles(spec, ['create'], async (request, forward) => {
        const text = `${request.action} ${request.target} ${String(request.body)}`
        const given = made.has(text)
          ? answer(409, CONFLICT, { 'x-amzn-errortype': 'ResourceConflictException' })
          : await forward()
        made.add(text)
        return given
      })
    },
  },
  {
    name: 'read-otherwise',
    wrong: 'texts and numbers are read otherwise than they were written',
    behaviour: spec => onRoles(spec, ['read'], async (_, forward) => withJson(await forward(), otherwise)),
  },
  {
    name: 'update-forgets',
    wrong: 'what an update does not name is read otherwise after it',
    behaviour: spec => {
      const named = new Map<string, ReadonlySet<string>>()
      return onRoles(spec, ['update', 'read'], async (request, forward) => {
        const given = await forward()
        const key = keyOf(request)
        if (given.status >= 300) return given
        if (rolesOf(spec, request).includes('update')) named.set(key, new Set(Object.keys(request.params)))
        const kept = named.get(key)
        return kept === undefined ? given : withJson(given, value => otherwise(value, kept))
      })
    },
  },
  {
    name: 'first-unlisted',
    wrong: 'lists lack their first',
    behaviour: spec =>
      onRoles(spec, ['list'], async (_, forward) =>
        withJson(await forward(), value => lists(value, list => list.slice(1))),
      ),
  },
  {
    name: 'listed-twice',
    wrong: 'lists have their last twice',
    behaviour: spec =>
      onRoles(spec, ['list'], async (_, forward) =>
        withJson(await forward(), value => lists(value, list => [...list, ...list.slice(-1)])),
      ),
  },
  {
    name: 'every-page-the-first',
    wrong: 'a page that goes on shows once more what the first one showed',
    behaviour: spec =>
      onRoles(spec, ['list'], async (request, forward) => {
        if (!/[?&]Marker=/.test(request.target)) return forward()
        const first = await forward({ target: request.target.replace(/([?&])Marker=[^&]*&?/, '$1') })
        return withJson(first, ({ NextMarker: _, ...rest }) => rest)
      }),
  },
  {
    name: 'revision-stands',
    wrong: 'the revision is the same for ever',
    behaviour: () => async (_, forward) =>
      withJson(await forward(), value =>
        'RevisionId' in value ? { ...value, RevisionId: '11111111-1111-4111-8111-111111111111' } : value,
      ),
  },
  {
    name: 'revision-unguarded',
    wrong: 'the revision that a request names is not looked at',
    behaviour: () => (request, forward) => {
      const target = request.target.replace(/([?&])RevisionId=[^&]*&?/, '$1')
      if (target !== request.target) return forward({ target })
      return jsonOf(request)?.['RevisionId'] === undefined
        ? forward()
        : forward(withMembers(request, () => ({ RevisionId: undefined })))
    },
  },
  {
    name: 'time-stands',
    wrong: 'the time of the last change is that of the creation of the first',
    behaviour: () => {
      const first = new Map<string, unknown>()
      return async (_, forward) => withJson(await forward(), value => timesOf(value, first))
    },
  },
  {
    name: 'time-of-long-ago',
    wrong: 'whatever is changed, it was last changed years ago',
    behaviour: () => async (_, forward) =>
      withJson(await forward(), value =>
        timesOf(
          value,
          new Map<string, unknown>([
            ['string', '2001-01-01T00:00:00.000+0000'],
            ['number', 1],
          ]),
        ),
      ),
  },
  {
    name: 'absent-not-deleted',
    wrong: 'who deletes what has been deleted, or never was, is refused',
    behaviour: spec => {
      const deleted = new Set<string>()
      return onRoles(spec, ['delete'], async (request, forward) => {
        const given = await forward()
        const isAgain = deleted.has(request.target) || /unknown|987654/.test(request.target)
        deleted.add(request.target)
        return isAgain ? answer(409, CONFLICT, { 'x-amzn-errortype': 'ResourceConflictException' }) : given
      })
    },
  },
  {
    name: 'invoked-otherwise',
    wrong: 'functions answer with other texts and numbers',
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action !== 'Invoke' || given.status >= 300) return given
      const value = parseJson(given.body.toString('utf8'))
      return value === undefined ? given : { ...given, body: Buffer.from(JSON.stringify(other(value))) }
    },
  },
  {
    name: 'headers-dropped',
    wrong: 'answers come without the headers of the service',
    behaviour: () => async (_, forward) => {
      const given = await forward()
      const headers = Object.entries(given.headers).filter(([name]) => !name.startsWith('x-amz'))
      return { ...given, headers: Object.fromEntries(headers) }
    },
  },
  {
    name: 'second-at-once-dropped',
    wrong: 'a change that comes while another is under way is confirmed and not done',
    behaviour: spec => {
      const underWay = new Map<string, Promise<Answered>>()
      return onRoles(spec, ['create', 'update', 'delete'], async (request, forward) => {
        const key = keyOf(request)
        const before = underWay.get(key)
        if (before !== undefined) return { ...(await before), ...confirmed(spec, request), body: (await before).body }
        const own = slowly(forward)
        underWay.set(key, own)
        try {
          return await own
        } finally {
          underWay.delete(key)
        }
      })
    },
  },
]

const CONFLICT = { Type: 'User', message: 'it is there' }

async function slowly(forward: Parameters<Behaviour>[1]): Promise<Answered> {
  const given = await forward()
  await new Promise(resolve => setTimeout(resolve, 40))
  return given
}

/** The behaviour for the actions that have one of the roles for some resource. */
function onRoles(spec: Spec, roles: readonly Role[], behaviour: Behaviour): Behaviour {
  return (request, forward) =>
    rolesOf(spec, request).some(role => roles.includes(role)) ? behaviour(request, forward) : forward()
}

function rolesOf({ resources }: Spec, { action }: Passing): readonly Role[] {
  const roles = ['create', 'read', 'update', 'delete', 'list'] as const
  return Object.values(resources).flatMap(({ lifecycle }) => roles.filter(role => lifecycle[role] === action))
}

/** The thing that a request is about, as its path names it. */
function keyOf({ target }: Passing): string {
  return (target.split('?', 1)[0] ?? '').replace(/\/$/, '')
}

/** The documented success, with nothing in it. */
function confirmed({ actions }: Spec, { action = '' }: Passing): Answered {
  const status = actions[action]?.responses[0]?.status ?? 200
  return status === 204 ? { status, headers: {}, body: Buffer.alloc(0) } : answer(status, {})
}

/** Every member but those that are kept, and but what names things and says how they are, with another value. */
function otherwise(value: Members, kept: ReadonlySet<string> = new Set()): Members {
  return Object.fromEntries(
    Object.entries(value).map(([member, one]) => [
      member,
      kept.has(member) || /(Name|Arn|Version|Status|State|Id|UUID|Modified)/.test(member) ? one : other(one),
    ]),
  )
}

function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string') return parseJson(value) === undefined ? `${value}x` : value
  if (Array.isArray(value)) return value.map(other)
  return isObject(value) ? otherwise(value) : value
}

/** The lists of an answer, that within a policy too, changed. */
function lists(value: Members, change: (list: readonly unknown[]) => readonly unknown[]): Members {
  return Object.fromEntries(
    Object.entries(value).map(([member, one]) => {
      if (Array.isArray(one)) return [member, change(one)]
      const policy = member === 'Policy' && typeof one === 'string' ? parseJson(one) : undefined
      return [member, isObject(policy) ? JSON.stringify(lists(policy, change)) : one]
    }),
  )
}

function timesOf(value: Members, first: Map<string, unknown>): Members {
  return Object.fromEntries(
    Object.entries(value).map(([member, one]) => {
      if (isObject(one)) return [member, timesOf(one, first)]
      if (!/^(LastModified|CreatedDate)$/.test(member)) return [member, one]
      if (!first.has(typeof one)) first.set(typeof one, one)
      return [member, first.get(typeof one)]
    }),
  )
}
