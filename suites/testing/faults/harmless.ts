/** Servers that differ from the true one in what no page forbids: nothing about them may fail. */
import type { Behaviour } from './fault.ts'
import { withJson } from './fault.ts'

export const HARMLESS: { readonly [name: string]: () => Behaviour } = {
  'answers late': () => async (_, forward) => {
    await new Promise(resolve => setTimeout(resolve, 15))
    return forward()
  },
  'has members that came later': () => async (request, forward) => {
    const given = await forward()
    // What a function answers is the function's own.
    return request.action === 'Invoke'
      ? given
      : withJson(given, value => ({ ...value, FutureMember: { Some: ['thing'] } }))
  },
  'has headers of its own': () => async (_, forward) => {
    const given = await forward()
    return { ...given, headers: { ...given.headers, server: 'another', 'x-cache': 'MISS' } }
  },
  'lists in another order': () => async (request, forward) => {
    const given = await forward()
    // Only whole lists: their order is promised nowhere, except for the versions of layers.
    if (
      request.params['MaxItems'] !== undefined ||
      request.action === 'ListLayerVersions' ||
      request.action?.startsWith('List') !== true
    )
      return given
    return withJson(given, value =>
      Object.fromEntries(
        Object.entries(value).map(([name, list]) => [
          name,
          Array.isArray(list) ? [...(list as unknown[])].reverse() : list,
        ]),
      ),
    )
  },
}
