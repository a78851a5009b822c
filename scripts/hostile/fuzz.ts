/**
 * Everything that reads what somebody else wrote, given changed real files: nothing may throw but what its contract
 * names.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import type { Found, FoundFile } from '../../analyzer/application/discover.ts'
import { loadGrammars } from '../../analyzer/grammars/grammars.ts'
import { lintFresh } from '../../analyzer/lint-fresh.ts'
import { EvidenceError } from '../../reports/evidence-error.ts'
import type { Evidence } from '../../reports/evidence.ts'
import { readEvidence } from '../../reports/read-evidence.ts'
import { REPORT_FORMATS, renderReport } from '../../reports/render/render.ts'
import { loadSpec, ownPagesFolder, readPageTexts } from '../../spec/compiler/compile.ts'
import { compilePages } from '../../spec/compiler/compile-pages.ts'
import { NotHar, readHar } from '../../suites/audit/har.ts'
import { createAuditor } from '../../suites/audit/audit.ts'
import type { TrafficItem } from '../../suites/audit/exchange.ts'
import { readLine } from '../../suites/audit/json-lines.ts'
import { checkConfig, checkEndpointFile } from '../../config/check-config.ts'
import { UsageError } from '../../base/usage-error.ts'
import { caseListOf } from '../../reports/case-list.ts'
import { renderJson } from '../../reports/json.ts'
import { hostileJson, mutated } from './mutate.ts'

export interface FuzzResult {
  readonly surface: string
  readonly inputs: number
  readonly ms: number
  /** What was not survived: the message, and the shrunk input. */
  readonly crash?: string
}

export interface FuzzOptions {
  readonly seed: number
  /** Inputs in all, shared out among the surfaces. */
  readonly inputs: number
}

/** Percent of all inputs: readers that take microseconds get more than those that lint a project. */
const SHARES = {
  pages: 8,
  sam: 9,
  serverless: 7,
  json: 8,
  terraform: 5,
  code: 6,
  python: 2,
  lines: 22,
  har: 14,
  evidence: 6,
  configuration: 13,
} as const

const TERRAFORM = `variable "stage" { default = "dev" }
locals { name = "jobs-\${var.stage}" }
resource "aws_lambda_function" "jobs" {
  function_name = local.name
  handler       = "app.handler"
  runtime       = "nodejs20.x"
  timeout       = 30
  role          = aws_iam_role.jobs.arn
  environment { variables = { TABLE = aws_dynamodb_table.t.name, N = jsonencode({ a = [1, 2] }) } }
}
resource "aws_iam_role" "jobs" {
  for_each = toset(["a", "b"])
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole" }] })
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = aws_sqs_queue.q.arn
  function_name    = aws_lambda_function.jobs.arn
  batch_size       = var.stage == "dev" ? 1 : 10
}
`
const PYTHON = `import json, os, boto3
TABLE = os.environ['TABLE']
client = boto3.client('s3')
def handler(event, context):
    for record in event['Records']:
        body = json.loads(record['body'])
        client.put_object(Bucket=TABLE, Key=f"{body['id']}.json", Body=b'')
    return {'statusCode': 200}
`

/** Files that are written at once and linted as one project. */
const FILES_AT_ONCE = 10

/** All surfaces, one after the other. */
export async function* fuzz(options: FuzzOptions): AsyncGenerator<FuzzResult> {
  await loadGrammars(['terraform', 'python'])
  const part = (share: keyof typeof SHARES): FuzzOptions => ({
    ...options,
    inputs: Math.max(1, Math.ceil((options.inputs * SHARES[share]) / 100)),
  })
  const spec = loadSpec()
  const examples = Object.values(spec.rules).flatMap(rule => rule.examples)
  const textsOf = (test: RegExp): string[] =>
    examples.filter(one => test.test(one.file) && one.body.length < 20_000).map(one => one.body)
  const pages = readPageTexts(ownPagesFolder()).filter(one => one.text.length < 20_000)

  yield attempt('pages', part('pages'), mutated(pages.map(one => one.text)), 1, text => {
    const file = pages[text.length % pages.length]!.file
    compilePages([{ file, text }])
  })
  const project = mkdtempSync(path.join(tmpdir(), 'lambdacheck-fuzz-'))
  try {
    for (const [share, surface, test, extension, sample] of [
      ['sam', 'templates of CloudFormation and SAM', /template.*\.ya?ml$/, 'yaml', ''],
      ['serverless', 'templates of the Serverless Framework', /serverless\.ya?ml$/, 'serverless.yml', ''],
      ['json', 'templates and policies in JSON', /\.json$/, 'json', ''],
      ['terraform', 'Terraform', /\.tf$/, 'tf', TERRAFORM],
      ['code', 'handlers in TypeScript', /\.[jt]s$/, 'ts', ''],
      ['python', 'handlers in Python', /\.py$/, 'py', PYTHON],
    ] as const) {
      const texts = [...textsOf(test), ...(sample === '' ? [] : [sample])]
      const many = fc.array(mutated(texts), { minLength: FILES_AT_ONCE, maxLength: FILES_AT_ONCE })
      yield attempt(surface, part(share), many, FILES_AT_ONCE, files => lintAll(project, files, extension))
    }
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
  /** Twice, for what was seen once is remembered. */
  const audit = (items: readonly TrafficItem[]): void => {
    const auditor = createAuditor(spec)
    for (const item of [...items, ...items]) {
      if ('sent' in item) auditor.sent(item.sent)
      else if ('exchange' in item) auditor.judge(item.exchange)
    }
  }
  yield attempt('recordings in JSON Lines', part('lines'), recordings(spec), 1, text => {
    audit(readLine(spec, text, 1))
  })
  yield attempt('recordings in HAR', part('har'), hars(), 1, har => {
    try {
      audit(readHar(spec, har))
    } catch (error) {
      if (!(error instanceof NotHar)) throw error
    }
  })
  yield attempt('evidence', part('evidence'), mutated(evidenceTexts()), 1, text => {
    let evidence: Evidence
    try {
      evidence = readEvidence(text)
    } catch (error) {
      if (error instanceof EvidenceError && !error.message.includes('\n')) return
      throw error
    }
    for (const format of REPORT_FORMATS) renderReport(evidence, format, { width: 80, color: false })
  })
  const settings = [
    'endpoints',
    'url',
    'lint',
    'rules',
    'start',
    'ready',
    'log',
    'setup',
    'limits',
    'credentials',
    'command',
    'capabilities',
    'expectedFailures',
    'overrides',
    'files',
    'preset',
    'ignore',
    'templates',
  ]
  yield attempt('configuration', part('configuration'), hostileJson(settings), 1, value => {
    for (const check of [checkConfig, checkEndpointFile]) {
      try {
        check(value, 'lambdacheck.config.json')
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
      }
    }
  })
}

function attempt<T>(
  surface: string,
  { seed, inputs }: FuzzOptions,
  input: fc.Arbitrary<T>,
  each: number,
  read: (input: T) => void,
): FuzzResult {
  const started = performance.now()
  const end = fc.check(fc.property(input, read), { seed, numRuns: Math.ceil(inputs / each), endOnFailure: false })
  const result = { surface, inputs: end.numRuns * each, ms: Math.round(performance.now() - started) }
  if (!end.failed) return result
  const error = end.errorInstance
  const stack =
    error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' ') : String(error)
  return { ...result, crash: `${stack} — ${JSON.stringify(end.counterexample).slice(0, 2000)}` }
}

/** Rules and readers are guarded: what they lost is among the notes, and counts as a crash here. */
function lintAll(root: string, texts: readonly string[], extension: string): void {
  const files = texts.map((text, at): FoundFile => {
    const name = extension === 'serverless.yml' ? `s${at}/serverless.yml` : `f${at}.${extension}`
    const absolute = path.join(root, name)
    mkdirSync(path.dirname(absolute), { recursive: true })
    writeFileSync(absolute, text)
    return { path: name, absolute, size: Buffer.byteLength(text), modifiedMs: 0 }
  })
  const of = (wanted: boolean): readonly FoundFile[] => (wanted ? files : [])
  const found: Found = {
    code: of(extension === 'ts'),
    python: of(extension === 'py'),
    templates: of(!['ts', 'py'].includes(extension)),
    others: [],
    settings: [],
    tooLarge: [],
    setAside: [],
  }
  const { result } = lintFresh(
    { root, paths: [], templates: [], preset: 'strict', levels: new Map(), config: {}, cache: false },
    found,
  )
  const lost = result.notes.filter(note => /broke/.test(note))
  if (lost.length > 0) throw new Error(lost[0])
}

function recordings(spec: ReturnType<typeof loadSpec>): fc.Arbitrary<string> {
  return fc.constantFrom(...Object.values(spec.actions)).chain(action => {
    const members = action.responses.flatMap(one => one.members.map(member => member.name))
    return fc
      .record({
        operation: fc.constant(action.name),
        request: fc.oneof(hostileJson(action.request.map(one => one.name)), fc.constant(null)),
        response: fc.record({
          status: fc.constantFrom(...action.responses.map(one => one.status), 400, 404, 500, 0, -1),
          errorType: fc.constantFrom(null, 'ResourceNotFoundException', 'ServiceException', 'constructor'),
          body: hostileJson([...members, 'Configuration', 'FunctionArn', 'Version', 'Type', 'Message']),
        }),
        notes: fc.oneof(fc.constant(undefined), fc.array(hostileJson([]), { maxLength: 2 })),
      })
      .chain(one => {
        const text = JSON.stringify(one)
        return fc.oneof({ weight: 5, arbitrary: fc.constant(text) }, mutated([text]))
      })
  })
}

function hars(): fc.Arbitrary<unknown> {
  const url = fc.constantFrom(
    'http://127.0.0.1/2015-03-31/functions/x',
    'http://h/2015-03-31/functions/?MaxItems=x',
    '%%',
    '',
  )
  const members = ['name', 'value', 'text', 'encoding', 'method', 'url', 'headers', 'postData', 'FunctionName']
  const entry = fc.record({
    request: fc.oneof(
      fc.record({
        method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
        url,
        headers: hostileJson(members),
        postData: hostileJson(members),
      }),
      hostileJson(members),
    ),
    response: fc.oneof(
      fc.record({
        status: fc.constantFrom(200, 201, 400, 404),
        headers: hostileJson(members),
        content: hostileJson(members),
      }),
      hostileJson(members),
    ),
  })
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ log: fc.record({ entries: fc.array(entry, { maxLength: 3 }) }) }) },
    hostileJson(['log', 'entries']),
  )
}

/** Whole evidence as a run writes it. */
export const evidenceForInputs = (): string => evidenceTexts()[2] ?? ''

/** Old evidence, without digests, so that what was changed is read on, and some that has them. */
function evidenceTexts(): string[] {
  const clause = {
    id: 'a',
    level: 'must',
    kind: 'answer',
    page: 'api/A.md',
    line: 1,
    text: 'x',
    profile: 'tags',
    origin: 'guide',
  } as const
  const exchange = {
    request: { method: 'GET', url: 'http://x/', headers: { a: 'b' }, body: '{"a":1}', bodyBytes: 7 },
    response: { status: 200, headers: {}, body: '', bodyBytes: 0 },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 1,
  }
  const results = (['pass', 'fail', 'skipped', 'inconclusive'] as const).map((verdict, at) => ({
    id: `case.${at}`,
    clause: { ...clause, id: `clause.${at}` },
    family: 'valid',
    title: 'a case',
    action: 'ListTags',
    verdict,
    reason: 'why',
    expected: 'x',
    actual: 'y',
    counterexample: { a: [1, { b: null }] },
    seed: 1,
    runs: 1,
    durationMs: 1,
    exchanges: [exchange],
    reproduce: { curl: 'curl x', replay: 'lambdacheck certify' },
  }))
  const location = { file: 'a.ts', line: 1, column: 1, snippet: 'x' }
  const evidence: Evidence = {
    schemaVersion: 1,
    tool: { name: 'lambdacheck', version: '0.0.0' },
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:05:00.000Z',
    partial: false,
    spec: { edition: '2021-11', digest: 'd', clauses: 1 },
    endpoint: {
      name: 'x',
      url: 'http://x',
      region: 'us-east-1',
      capabilities: { sqs: true },
      actions: { Invoke: 'supported' },
    },
    options: { seed: 1 },
    results,
    profiles: [],
    requests: 1,
    findings: [
      {
        rule: 'r',
        severity: 'error',
        message: 'm',
        location,
        related: [{ ...location, message: 'm' }],
        fixes: [],
        fingerprint: 'f',
      },
    ],
    notes: ['n'],
  }
  const { tool, startedAt, spec, endpoint, options } = evidence
  const journal = [
    { journal: 'lambdacheck', schemaVersion: 1, start: { tool, startedAt, spec, endpoint, options } },
    ...results.map(result => ({ result })),
    { note: 'n' },
  ]
  return [
    JSON.stringify(evidence, null, 1),
    JSON.stringify(evidence),
    renderJson({ ...evidence, caseList: caseListOf(results) }),
    journal.map(line => JSON.stringify(line)).join('\n'),
  ]
}
