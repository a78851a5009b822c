/** What an endpoint says that it is. */
import type { Answer, Client } from '../case.ts'
import { isAwsHost, isLoopback } from '../wire/hosts.ts'
import { isObject } from '../../base/is-object.ts'

/** Pages on which emulators tell their version. */
const HEALTH = ['/_ministack/health', '/_localstack/health', '/health'] as const
const KEPT = 80

/** Undefined when nothing is evident. Only endpoints of this machine are asked for more than `answer` shows. */
export async function identify(
  client: Client,
  url: string,
  answer: Answer,
  timeoutMs: number,
): Promise<string | undefined> {
  if (isAwsHost(url)) return 'AWS Lambda'
  const server = clean(answer.headers['server'] ?? answer.headers['x-powered-by'] ?? '')
  if (!isLoopback(url)) return server === '' ? undefined : server
  const pages = await Promise.all(
    HEALTH.map(path =>
      client.http({ method: 'GET', path, query: [], headers: {}, body: null }, { timeoutMs, sign: false }),
    ),
  )
  for (const page of pages) {
    const told = page.status === 200 && isObject(page.json) ? page.json : {}
    const name = told['edition'] ?? told['name'] ?? told['service']
    const namedOrServer = typeof name === 'string' ? name : server
    if (typeof told['version'] === 'string')
      return clean(`${pages.indexOf(page) === 0 ? 'MiniStack' : namedOrServer} ${told['version']}`)
  }
  const moto = await client.http(
    { method: 'GET', path: '/moto-api/data.json', query: [], headers: {}, body: null },
    { timeoutMs, sign: false },
  )
  if (moto.status === 200 && typeof moto.json === 'object') return clean(`moto, ${server}`)
  return server === '' ? undefined : server
}

function clean(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, KEPT)
}
