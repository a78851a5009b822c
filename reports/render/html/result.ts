/** One result with what it takes to see it again, and its exchanges. */
import type { CaseResult, Exchange, RecordedRequest, RecordedResponse } from '../../evidence.ts'
import { markup, type Markup } from '../../../base/markup.ts'
import { plain, plainLine, plainValue } from '../../plain.ts'
import { isSecretHeader } from '../../../base/redact.ts'
import { awsPageOf } from '../../aws-page.ts'
import { furtherMismatches, furtherReason, grouped } from '../../summary.ts'

/** Of each body; evidence.json has up to 16 KiB. */
const MOST_BODY = 4000
const MOST_EXCHANGES = 12

/** One case: what was expected, what came, and how to see it again. */
export function resultBlock(result: CaseResult, exchanges: Markup | undefined): Markup {
  const { reproduce, expected, actual } = result
  const reason = furtherReason(result)
  return markup`<section class="case"><h5>${plainLine(result.title, 300) || plainLine(result.id, 300)}</h5>
${reason !== undefined && markup`<p>${plain(reason, 1000)}</p>`}
${(expected !== undefined || actual !== undefined) && markup`<dl class="versus">${expected !== undefined && markup`<div class="wanted"><dt>Expected</dt><dd>${plain(expected, 2000)}</dd></div>`}${actual !== undefined && markup`<div class="came"><dt>Actual</dt><dd>${plain(actual, 2000)}</dd></div>`}</dl>`}
${mismatchList(furtherMismatches(result))}
${result.counterexample !== undefined && markup`<p class="label">Smallest request that shows it</p><pre class="fold" tabindex="0">${plainValue(result.counterexample)}</pre>`}
${reproduce !== undefined && [command('Replay', reproduce.replay), reproduce.curl !== undefined && command('curl', reproduce.curl), reproduce.aws !== undefined && command('AWS CLI', reproduce.aws)]}
${pageLink(result)}
${exchanges}</section>`
}

function pageLink({ action, verdict, id, reproduce }: CaseResult): Markup | undefined {
  const page = action === undefined ? undefined : awsPageOf(action)
  const script = verdict === 'fail' && reproduce?.steps !== undefined
  if (page === undefined && !script) return undefined
  return markup`<p class="more">${page !== undefined && markup`<a href="${page}" rel="noreferrer">AWS's page of ${action}</a>`}${page !== undefined && script && ' · '}${script && markup`by itself: <code>lambdacheck reproduce ${plainLine(quoted(id), 300)}</code>`}</p>`
}

const quoted = (id: string): string =>
  /^[\w.#[\]-]+$/.test(id) && !/[[\]#]/.test(id) ? id : `'${id.replace(/'/g, `'\\''`)}'`

function mismatchList(lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined
  return markup`<p class="label">What did not agree either</p><ul>${lines.map(line => markup`<li>${plainLine(line, 800)}</li>`)}</ul>`
}

/** A command to paste; the script gives it its button. */
function command(label: string, text: string): Markup {
  return markup`<p class="label">${label}</p><pre class="command" tabindex="0">${plain(text, 4000)}</pre>`
}

/** Requests with their answers, folded; secrets are not shown. */
export function exchangesBlock(exchanges: readonly Exchange[]): Markup {
  const left = exchanges.length - MOST_EXCHANGES
  return markup`<details class="exchanges"><summary>${exchanges.length === 1 ? 'The exchange' : `The ${exchanges.length} exchanges`} on the wire</summary>
${exchanges.slice(0, MOST_EXCHANGES).map(exchangeBlock)}${left > 0 && markup`<p class="more">And ${left} more in evidence.json.</p>`}</details>`
}

function exchangeBlock({ request, response, failure, durationMs }: Exchange): Markup {
  return markup`<div class="exchange"><p class="line">${plainLine(request.method, 20)} ${plainLine(request.url, 600)}</p>
${headerList(request)}${bodyBlock(request)}
${
  response !== undefined
    ? markup`<p class="line"><span class="${response.status < 400 ? 'status-good' : 'status-bad'}">${response.status}</span> after ${Math.round(durationMs)} ms</p>${headerList(response)}${bodyBlock(response)}`
    : markup`<p class="line"><span class="status-bad">No answer</span> ${failure !== undefined && `${plainLine(failure.kind, 40)}: ` + `${plainLine(failure.message, 400)}`}</p>`
}</div>`
}

/** Headers that every exchange has and that decide nothing; evidence.json has them all. */
const IDLE =
  /^(access-control-.*|date|host|connection|keep-alive|content-length|transfer-encoding|server|vary|x-amz-date|x-amz-content-sha256|x-amz-id-2|x-amzn?-request-?id|user-agent|accept|accept-encoding)$/i

function headerList({ headers }: RecordedRequest | RecordedResponse): Markup | undefined {
  const all = Object.entries(headers).filter(([name]) => !IDLE.test(name))
  if (all.length === 0) return undefined
  return markup`<dl class="headers">${all.slice(0, 40).map(([name, value]) => markup`<div><dt>${plainLine(name, 120)}:</dt> <dd>${isSecretHeader(name) ? 'REDACTED' : plainLine(value, 600)}</dd></div>`)}</dl>`
}

function bodyBlock({ body, bodyBytes, bodyEncoding }: RecordedRequest | RecordedResponse): Markup | undefined {
  if (body === '')
    return bodyBytes === 0 ? undefined : markup`<p class="more">A body of ${grouped(bodyBytes)} bytes, not kept.</p>`
  const text = bodyEncoding === 'base64' ? body : indented(body)
  const size = `${grouped(bodyBytes)} bytes`
  const plainNote = bodyBytes > MOST_BODY ? size : ''
  const note = bodyEncoding === 'base64' ? `${size}, as base64` : plainNote
  return markup`${note !== '' && markup`<p class="label">${note}</p>`}<pre class="fold" tabindex="0">${plain(text, MOST_BODY)}</pre>`
}

/** JSON with its members on lines of their own; anything else as it is. */
function indented(body: string): string {
  if (body.length > MOST_BODY || !/^\s*[[{]/.test(body)) return body
  try {
    return plainValue(JSON.parse(body), { limit: MOST_BODY * 2 })
  } catch {
    return body
  }
}
