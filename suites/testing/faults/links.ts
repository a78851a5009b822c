/** Faults in the links to code that an endpoint gives. */
import type { Answered, Fault, Passing } from './fault.ts'

const isLink = (request: Passing): boolean => request.method === 'GET' && request.target.startsWith('/.packages/')

const nothing: Answered = { status: 404, headers: {}, body: Buffer.from('not found') }

export const LINK_FAULTS: readonly Fault[] = [
  {
    id: 'link-dead',
    wrong: 'links to code lead nowhere',
    caught: {
      property: [
        'function-links.code#property',
        'function-links.version#property',
        'function-links.layer#property',
        'function-links.layer-others#property',
      ],
    },
    behaviour: () => async (request, forward) => (isLink(request) ? nothing : forward()),
  },
  {
    id: 'link-to-other-bytes',
    wrong: 'links lead to a package that was zipped anew',
    caught: { property: ['function-links.code#property', 'function-links.layer#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return isLink(request) ? { ...given, body: Buffer.concat([given.body, Buffer.from([0])]) } : given
    },
  },
  {
    id: 'link-to-the-newest',
    wrong: 'the link of a version leads to the newest code',
    caught: { property: ['function-links.version#property'] },
    behaviour: () => (request, forward) =>
      request.action === 'GetFunction' ? forward({ target: request.target.split('?', 1)[0] as string }) : forward(),
  },
  {
    id: 'link-of-anybody',
    wrong: 'a link that was tampered with leads to the code all the same',
    caught: { property: ['function-links.forged#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      return isLink(request) && given.status >= 400 ? { ...given, status: 200 } : given
    },
  },
]
