/** The event of a function that is called by its URL: version 2.0 of the format of HTTP APIs. */

/** A request as it came over the wire. */
export interface UrlRequest {
  readonly method: string
  /** As it stands in the request line, without the query. */
  readonly rawPath: string
  /** Without the question mark. */
  readonly rawQuery: string
  /** Lower-case names, in the order sent. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
  readonly sourceIp: string
  readonly protocol: string
}

/** Whose URL it is, and who calls. */
export interface UrlCall {
  readonly urlId: string
  readonly domainName: string
  readonly requestId: string
  /** Unix milliseconds. */
  readonly now: number
  /** Of a signed request. */
  readonly caller?: { readonly accountId: string; readonly accessKey: string } | undefined
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** What arrives as text; any other body is base64. */
const textual = /^(text\/[^;]+|application\/(json|javascript|xml|x-www-form-urlencoded|[\w.-]+\+(json|xml)))\s*(;|$)/i

/**
 * Members whose header, cookie or parameter came more than once have all values, joined by commas.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 * @since 0.1.0
 */
export function urlEvent(request: UrlRequest, call: UrlCall): object {
  const headers = joined(request.headers.filter(([name]) => name !== 'cookie'))
  const cookies = request.headers
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(/;\s*/))
    .filter(Boolean)
  const parameters = [...new URLSearchParams(request.rawQuery)]
  const isText = request.body.length === 0 || textual.test(headers['content-type'] ?? 'application/octet-stream')
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: request.rawPath,
    rawQueryString: request.rawQuery,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(parameters.length > 0 && { queryStringParameters: joined(parameters) }),
    requestContext: {
      accountId: call.caller?.accountId ?? 'anonymous',
      apiId: call.urlId,
      ...(call.caller && {
        authorizer: { iam: { accessKey: call.caller.accessKey, accountId: call.caller.accountId } },
      }),
      domainName: call.domainName,
      domainPrefix: call.urlId,
      http: {
        method: request.method,
        path: request.rawPath,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: call.requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(call.now),
      timeEpoch: call.now,
    },
    ...(request.body.length > 0 && { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  }
}

function joined(pairs: readonly (readonly [string, string])[]): { readonly [name: string]: string } {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(values)
}

/** `12/Mar/2020:19:03:58 +0000`. */
function logTime(now: number): string {
  const at = new Date(now)
  const two = (number: number): string => String(number).padStart(2, '0')
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':')
  return `${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${time} +0000`
}
