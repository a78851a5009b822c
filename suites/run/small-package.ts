/** Makes requests that create functions short enough to be pasted. */
import { isObject } from '../../base/is-object.ts'
import { parseJson } from '../../base/parse-json.ts'
import { writeZip } from '../../base/write-zip.ts'
import type { Exchange } from '../../reports/evidence.ts'
import type { Endpoint, ProbeFlavour } from '../case.ts'
import { PROBE_PACKAGE } from '../wire/probe-package.ts'

/** By handler: a function that gives back its event, under the name that the probe has. */
const ECHOES: { readonly [handler: string]: { readonly file: string; readonly text: string } } = {
  'index.handler': { file: 'index.js', text: 'exports.handler=async e=>e' },
  'lambda_function.lambda_handler': { file: 'lambda_function.py', text: 'def lambda_handler(e,c):return e' },
}

type Probes = Pick<Endpoint, 'probe' | 'uninvoked'>

/**
 * The exchange with the probe in its request replaced by a package of a few bytes; unchanged where the probe is not in
 * it.
 */
export function withSmallPackage(exchange: Exchange, probes: Probes): Exchange {
  const { probe, uninvoked = probe } = probes
  const whole = withWholePackage(exchange, probes)
  const echo = ECHOES[uninvoked.handler]
  const { body } = whole.request
  const before = `"${uninvoked.zipFile}"`
  if (echo === undefined || !body.includes(before)) return whole
  const zip = writeZip([{ name: echo.file, content: new TextEncoder().encode(echo.text) }])
  return withBody(whole, body.replace(before, `"${zip.toString('base64')}"`))
}

/** The exchange with a probe that does the same in place of one that is only named; unchanged where none is. */
export function withWholePackage(exchange: Exchange, { probe, uninvoked = probe }: Probes): Exchange {
  const { body, bodyEncoding } = exchange.request
  if (bodyEncoding !== undefined || !body.includes(PROBE_PACKAGE)) return exchange
  const sent = parseJson(body)
  // A runtime of the pages is the same program under another handler, and what it does nothing else can do.
  if (isObject(sent) && 'Handler' in sent && sent['Handler'] !== probe.handler) return exchange
  const text = isObject(sent)
    ? JSON.stringify(withFlavour(sent, uninvoked))
    : body.replace(PROBE_PACKAGE, uninvoked.zipFile)
  return withBody({ ...exchange, request: { ...exchange.request, bodyBytes: Buffer.byteLength(body) } }, text)
}

/** Of `CreateFunction` or `UpdateFunctionCode`. */
function withFlavour(
  sent: { readonly [member: string]: unknown },
  { runtime, handler, zipFile }: ProbeFlavour,
): { readonly [member: string]: unknown } {
  if (sent['ZipFile'] === PROBE_PACKAGE) return { ...sent, ZipFile: zipFile }
  return {
    ...sent,
    ...('Runtime' in sent && { Runtime: runtime }),
    ...('Handler' in sent && { Handler: handler }),
    Code: { ...(isObject(sent['Code']) && sent['Code']), ZipFile: zipFile },
  }
}

function withBody(exchange: Exchange, body: string): Exchange {
  const { request } = exchange
  return {
    ...exchange,
    request: { ...request, body, bodyBytes: request.bodyBytes - (request.body.length - body.length) },
  }
}
