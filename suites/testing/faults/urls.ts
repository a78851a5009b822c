/** Faults in what function URLs hand to functions, and in what they answer. */
import { withJson, type Answered, type Fault, type Passing } from './fault.ts'

const isUrl = (request: Passing): boolean => /\.lambda-url\./.test(request.headers['host'] ?? '')

/** Each is seen in the answers of URLs. */
const seen = (
  id: string,
  wrong: string,
  caught: readonly string[],
  change: (given: Answered, request: Passing) => Answered,
): Fault => ({
  id,
  wrong,
  caught: { property: caught.map(one => `function-urls.${one}#property`) },
  behaviour: () => async (request, forward) => {
    const given = await forward()
    return isUrl(request) ? change(given, request) : given
  },
})

const withoutHeaders = (given: Answered, pattern: RegExp): Answered => ({
  ...given,
  headers: Object.fromEntries(Object.entries(given.headers).filter(([name]) => !pattern.test(name))),
})

export const URL_FAULTS: readonly Fault[] = [
  seen('url-first-format', 'functions get the first version of the format', ['event'], given =>
    withJson(given, event => ({ ...event, version: '1.0', path: event['rawPath'], rawPath: undefined })),
  ),
  seen('url-cookies-in-header', 'cookies of a request are no list', ['event'], given =>
    withJson(given, ({ cookies: _, ...event }) => event),
  ),
  seen('url-bytes-as-text', 'a body that is no text arrives as text', ['binary'], given =>
    withJson(given, event => (event['isBase64Encoded'] === true ? { ...event, isBase64Encoded: false } : event)),
  ),
  seen('url-status-ignored', 'the status code that a function says is ignored', ['answer'], given =>
    given.status === 418 ? { ...given, status: 200 } : given,
  ),
  seen('url-cookies-not-set', 'cookies of an answer are not set', ['answer'], given =>
    withoutHeaders(given, /^set-cookie$/),
  ),
  seen('url-base64-as-it-is', 'a body in base64 is answered as it stands', ['answer'], given =>
    given.body.toString('utf8') === 'hello' ? { ...given, body: Buffer.from('aGVsbG8=') } : given,
  ),
  seen('url-inferred-text', 'what has no status code is answered as plain text', ['inferred'], given => ({
    ...given,
    headers: { ...given.headers, 'content-type': 'text/plain' },
  })),
  seen('url-failure-told', 'a function that failed is a success that tells its error', ['failure'], given =>
    given.status === 502 ? { ...given, status: 200, body: Buffer.from('{"errorMessage":"told"}') } : given,
  ),
  seen('url-of-anybody', 'nobody asks for the signature that a URL demands', ['iam'], (given, request) =>
    given.status === 403 && request.headers['authorization'] === undefined
      ? { ...given, status: 200, body: Buffer.from('{"calls":2}') }
      : given,
  ),
  seen('url-outlives', 'a URL answers after its configuration was deleted', ['deleted'], given =>
    given.status === 403 ? { ...given, status: 200 } : given,
  ),
  seen('url-of-latest', 'the URL of an alias runs the unpublished version', ['alias'], given =>
    withJson(given, value => ({ ...value, version: '$LATEST' })),
  ),
  seen('url-of-any-size', 'what is too large for an event is answered as if it had been taken', ['too-large'], given =>
    given.status === 413 ? { ...given, status: 200 } : given,
  ),
  seen('url-without-cors', 'answers say nothing to pages of other origins', ['cors', 'preflight'], given =>
    withoutHeaders(given, /^access-control-/),
  ),
  seen(
    'url-silent-to-anybody',
    'who asks before is told nothing where every origin is let in',
    ['preflight'],
    (given, request) =>
      request.method === 'OPTIONS' && given.headers['access-control-allow-origin'] === '*'
        ? withoutHeaders(given, /^access-control-/)
        : given,
  ),
  seen('url-for-every-origin', 'every origin is let in', ['cors'], (given, { headers }) => ({
    ...given,
    headers: { ...given.headers, 'access-control-allow-origin': headers['origin'] ?? '*' },
  })),
]
