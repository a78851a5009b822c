import { strToU8, zipSync } from 'fflate'

/** What a request came back with. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body as it is. */
  readonly text: string
  /** The body parsed; undefined when it is not JSON. */
  readonly json: any
  /** Name of the error, undefined for a success. */
  readonly error: string | undefined
  /** Text of the error, however it is spelt. */
  readonly message: string | undefined
}

interface Request {
  readonly body?: unknown
  readonly headers?: { readonly [name: string]: string }
  readonly region?: string
  /** False: without a signature. */
  readonly signed?: boolean
}

export type Send = (target: string, request?: Request) => Promise<Answer>

/** Sends `METHOD /path` requests to an endpoint, with a signature that is well-formed and of no key. A body that is not text is sent as JSON. */
export function requester(url: string): Send {
  return async (target, request = {}) => {
    const [method, path] = target.split(' ') as [string, string]
    const body =
      request.body === undefined || typeof request.body === 'string' || request.body instanceof Uint8Array
        ? request.body
        : JSON.stringify(request.body)
    const response = await fetch(url + path, {
      method,
      headers: {
        // Otherwise `fetch` calls a text what it is, and forms are refused.
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(request.signed !== false && {
          'x-amz-date': '20250101T000000Z',
          authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250101/${request.region ?? 'eu-west-1'}/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
        }),
        ...request.headers,
      },
      ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }),
    })
    const text = await response.text()
    let json: any
    try {
      json = JSON.parse(text)
    } catch {
      // Not JSON: `text` tells.
    }
    return {
      status: response.status,
      headers: response.headers,
      text,
      json,
      error: response.headers.get('x-amzn-errortype') ?? undefined,
      message: response.status >= 400 ? (json?.message ?? json?.Message) : undefined,
    }
  }
}

/** Base64 of a zip with these files. */
export function zipOf(files: { readonly [path: string]: string }): string {
  return Buffer.from(
    zipSync(
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path, [strToU8(text), { os: 3, attrs: 0o755 << 16 }]]),
      ),
    ),
  ).toString('base64')
}

export const role = 'arn:aws:iam::000000000000:role/lambdacheck'

/** A request that makes a function of these files, Node.js unless said otherwise. */
export function functionOf(
  name: string,
  files: { readonly [path: string]: string },
  more: { readonly [member: string]: unknown } = {},
): { readonly [member: string]: unknown } {
  return {
    FunctionName: name,
    Role: role,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: { ZipFile: zipOf(files) },
    ...more,
  }
}

/** Makes a function and waits until it is active. */
export async function deploy(
  send: Send,
  name: string,
  files: { readonly [path: string]: string },
  more?: { readonly [member: string]: unknown },
): Promise<void> {
  const made = await send('POST /2015-03-31/functions', { body: functionOf(name, files, more) })
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`)
  await settle(send, name)
}

/** Waits until the function is active and its last update is over. */
export async function settle(send: Send, name: string): Promise<void> {
  for (;;) {
    const { json } = await send(`GET /2015-03-31/functions/${name}/configuration`)
    if (json.State === 'Active' && json.LastUpdateStatus === 'Successful') return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** Publishes a version of a function after a change of its configuration: without one there would be none to publish. */
export async function publishChanged(send: Send, name: string, change: number): Promise<Answer> {
  await send(`PUT /2015-03-31/functions/${name}/configuration`, { body: { Description: `change ${change}` } })
  await settle(send, name)
  return send(`POST /2015-03-31/functions/${name}/versions`, { body: {} })
}

/** Runs a function and gives its payload, parsed, with the answer. */
export async function run(
  send: Send,
  name: string,
  event: unknown = {},
  headers: { readonly [name: string]: string } = {},
): Promise<Answer> {
  return send(`POST /2015-03-31/functions/${name}/invocations`, { body: JSON.stringify(event), headers })
}

/** The log that came with an answer. */
export function logOf(answer: Answer): string {
  return Buffer.from(answer.headers.get('x-amz-log-result') ?? '', 'base64').toString('utf8')
}
