import type { EventKind } from '../application/model.ts'
import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import { bare, staticText } from '../engine/syntax.ts'
import { isChecked } from '../dataflow/checked-input.ts'
import { eventFlows } from '../dataflow/event-origins.ts'
import type { Flow } from '../dataflow/event-origins.ts'
import { kindsOf } from '../dataflow/event-kinds.ts'
import type { EventPath } from '../dataflow/event-origins.ts'
import { follow } from '../dataflow/origins.ts'
import { decidesHost, pageOf, sinksOf } from '../dataflow/input-sinks.ts'
import type { Sink, SinkKind } from '../dataflow/input-sinks.ts'
import { sdkCallsOf } from '../sdk/sdk-calls.ts'

/** What comes with an event, put as it is into a command, a statement, code, a path, an address or a page. */
export const rule = defineRule({
  id: 'tainted-input',
  file(file, code) {
    for (const { node, input } of sdkCallsOf(file))
      if (input && input.file === file && !ts.isObjectLiteralExpression(bare(input.node)) && input.node.pos > node.pos)
        check({ kind: 'request', text: input.node }, code)
  },
  visit: {
    CallExpression: (node, code) => sinksOf(node).forEach(sink => check(sink, code)),
    NewExpression: (node, code) => sinksOf(node).forEach(sink => check(sink, code)),
    ObjectLiteralExpression(node, code) {
      const page = pageOf(node)
      if (page) check(page, code)
    },
  },
})

const WORDS: { readonly [kind in SinkKind]: readonly [becomes: string, instead: string] } = {
  shell: [
    'part of a command',
    'Whoever sends it may add commands of their own. Call the program with execFile and a list of arguments, without a shell, and take only what you know',
  ],
  sql: [
    'part of an SQL statement',
    'Whoever sends it may change what the statement does. Put a placeholder there, and hand the value over as a parameter',
  ],
  eval: [
    'code that is run',
    'Whoever sends it may run anything with the rights of the function. Parse data with JSON.parse, and choose among functions of your own',
  ],
  path: [
    'part of a path',
    'With ../ it names any file of the environment. Take path.basename of it, or look it up among known names',
  ],
  url: [
    'the host that is asked',
    'Whoever sends it makes the function ask any host that it can reach, those of its VPC too. Keep the host fixed, or look it up among known ones',
  ],
  html: ['part of a page', 'A script in it runs in the browser of whoever opens the page. Escape it for HTML'],
  request: [
    'the whole of a request to AWS',
    'Whoever sends it chooses the table, the bucket and every option that the role allows. Build the request of members that you know',
  ],
  nosql: [
    'part of a database expression',
    'Whoever sends it may change what is asked. Put a placeholder (:value) there, and hand the value over in ExpressionAttributeValues',
  ],
}

function check(sink: Sink, code: CodeContext): void {
  if (!code.inHandler(sink.text)) return
  const flows = sink.kind === 'url' ? hostOf(sink.text, code) : eventFlows(sink.text, code)
  // All that reaches it counts, and the worst of it is told.
  const found = flows
    .filter(flow => !isHandedThrough(sink, flow))
    .map(flow => ({ flow, from: originOf(flow.path, code) }))
    .filter(({ from }) => from === 'outside' || (from === 'inside' && DANGEROUS.has(sink.kind)))
    .filter(({ flow }) => !isChecked(flow.names, sink.text))
    .sort((one, other) => (one.from === other.from ? 0 : one.from === 'outside' ? -1 : 1))
  const [worst] = found
  if (!worst || code.file.imports.some(one => VALIDATORS.test(one.specifier))) return
  const [becomes, help] = WORDS[sink.kind]
  const { path } = worst.flow
  code.report({
    at: sink.text,
    message: `${path.length ? `event.${path.join('.').replaceAll('.[]', '[]')}` : 'The whole event'} becomes ${becomes} as it comes`,
    help,
    // Who sends to a queue, or invokes by name, is mostly known.
    ...(worst.from === 'inside' ? { severity: 'warning' as const } : {}),
  })
}

/** A whole page or statement that is handed through is meant so. */
const isHandedThrough = (sink: Sink, flow: Flow): boolean =>
  sink.kind === 'request'
    ? !flow.exact || flow.path.length > 1
    : (sink.kind === 'html' || sink.kind === 'sql') && flow.exact

/** Wherever it comes from, it may not become any of these. */
const DANGEROUS: ReadonlySet<SinkKind> = new Set(['shell', 'sql', 'eval'])
const VALIDATORS = /^(@middy\/validator|@aws-lambda-powertools\/(parser|validation))/

/** The parts of the event that decide over the host of an address. */
function hostOf(node: ts.Expression, code: CodeContext): readonly Flow[] {
  const { node: expression, file } = follow(node, code.file)
  if (file !== code.file) return []
  let before = ''
  for (const piece of piecesOf(expression, code)) {
    if (typeof piece === 'string') before += piece
    else {
      const known = staticText(piece)
      if (known === undefined) {
        if (!decidesHost(before)) return []
        const around = eventFlows(node, code).flatMap(flow => flow.names)
        return eventFlows(piece, code)
          .filter(flow => flow.exact)
          .map(flow => ({ ...flow, names: [...flow.names, ...around] }))
      }
      before += known
    }
  }
  return []
}

function piecesOf(node: ts.Expression, code: CodeContext): readonly (ts.Expression | string)[] {
  const expression = bare(node)
  if (ts.isTemplateExpression(expression))
    return [
      expression.head.text,
      ...expression.templateSpans.flatMap(span => [...piecesOf(span.expression, code), span.literal.text]),
    ]
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return [...piecesOf(expression.left, code), ...piecesOf(expression.right, code)]
  const address = addressIn(expression, code)
  return address ? piecesOf(address, code) : [expression]
}

/** `new URL(address)`, its `href` and `toString()`. An absolute address does not care for a base. */
function addressIn(node: ts.Expression, code: CodeContext): ts.Expression | undefined {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && /^(URL|Request)$/.test(node.expression.text))
    return node.arguments?.[0]
  const member = ts.isCallExpression(node) ? node.expression : node
  if (!ts.isPropertyAccessExpression(member) || !/^(href|toString)$/.test(member.name.text)) return undefined
  const left = follow(member.expression, code.file)
  return left.file === code.file && ts.isNewExpression(left.node) ? addressIn(left.node, code) : undefined
}

/** Events that anybody may send who reaches the address. */
const OUTSIDE: ReadonlySet<EventKind> = new Set([
  'rest-api',
  'http-api',
  'websocket-api',
  'url',
  'alb',
  'appsync',
  'lex',
  'alexa',
  'cognito',
  'authorizer',
])
/** Members of a request that its sender writes. */
const WRITTEN =
  /^(body|queryStringParameters|multiValueQueryStringParameters|pathParameters|headers|multiValueHeaders|rawQueryString|rawPath|path|cookies|arguments|inputTranscript|request)$/
/** What the service itself says in records, of custom resources, pipelines and requests. */
const SERVICE =
  /^(requestContext|stageVariables|httpMethod|resource|routeKey|version|isBase64Encoded|account|region|source|time|id|resources|detail-type|RequestType|ResponseURL|StackId|RequestId|LogicalResourceId|PhysicalResourceId|ResourceType|ResourceProperties|OldResourceProperties|CodePipeline\.job|awslogs|deliveryStreamArn|invocationId|methodArn|type|configRuleName|invokingEvent|accountId|triggerSource|userPoolId|callerContext|bootstrapServers|Records\.\[\]\.(?!body\b|Sns\.(Message|Subject|MessageAttributes)\b|kinesis\.data\b|dynamodb\.(NewImage|OldImage|Keys)\b|s3\.object\.key\b|messageAttributes\b).*)(\.|$)/
/** Headers that the service in front sets. */
const SET_HEADERS = /^headers\.(host|x-forwarded-(proto|port)|x-amzn-trace-id|cloudfront-.*|x-amz-cf-id)$/i

/** Who wrote a part of the event: somebody outside, somebody who may send to a queue or invoke, or AWS and whoever deploys. */
function originOf(path: EventPath, code: CodeContext): 'outside' | 'inside' | 'trusted' {
  const dotted = path.join('.')
  if (SERVICE.test(dotted) || SET_HEADERS.test(dotted) || /(^|\.)response_?url$/i.test(dotted)) return 'trusted'
  const kinds = new Set(code.handlers.flatMap(handler => [...kindsOf(handler)]))
  // A schedule's input stands in the template.
  if (
    kinds.size > 0 &&
    [...kinds].every(kind => kind === 'schedule' || kind === 'cloudfront' || kind === 'config' || kind === 'codecommit')
  )
    return 'trusted'
  if (
    (path.length === 0 ? kinds.size > 0 : WRITTEN.test(path[0]!)) &&
    (kinds.size === 0 || [...kinds].some(kind => OUTSIDE.has(kind)))
  )
    return 'outside'
  return 'inside'
}
