/** Makes requests that create functions short enough to be pasted. */
import { writeZip } from '../../base/write-zip.ts'
import type { Exchange } from '../../reports/evidence.ts'
import type { ProbeFlavour } from '../case.ts'

/** By handler: a function that gives back its event, under the name that the probe has. */
const ECHOES: { readonly [handler: string]: { readonly file: string; readonly text: string } } = {
  'index.handler': { file: 'index.js', text: 'exports.handler=async e=>e' },
  'lambda_function.lambda_handler': { file: 'lambda_function.py', text: 'def lambda_handler(e,c):return e' },
}

/**
 * The exchange with the probe in its request replaced by a package of a few bytes; unchanged where the probe is not in
 * it.
 */
export function withSmallPackage(exchange: Exchange, probe: Pick<ProbeFlavour, 'handler' | 'zipFile'>): Exchange {
  const echo = ECHOES[probe.handler]
  const { request } = exchange
  const before = `"${probe.zipFile}"`
  if (echo === undefined || !request.body.includes(before)) return exchange
  const zip = writeZip([{ name: echo.file, content: new TextEncoder().encode(echo.text) }])
  const body = request.body.replace(before, `"${zip.toString('base64')}"`)
  return {
    ...exchange,
    request: { ...request, body, bodyBytes: request.bodyBytes - (request.body.length - body.length) },
  }
}
