/**
 * `npm run first-minutes`: takes lambdacheck up in an empty folder, as somebody does who has Node.js and MiniStack, and writes what was typed and
 * what came into docs/first-minutes.md. It fails where a command ends otherwise than it should.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const outside = mkdtempSync(path.join(tmpdir(), 'lambdacheck-first-'))
const folder = path.join(outside, 'demo')
const bin = process.env['MINISTACK_BIN'] ?? path.join(root, '.venv/bin')

interface Step {
  /** What it shows, one sentence. */
  readonly says: string
  readonly files?: { readonly [file: string]: string }
  readonly run: readonly string[]
  /** Exit code that is due. */
  readonly code?: number
  /** What must stand in what came. */
  readonly expects?: RegExp
}

const PROXY = `// MiniStack behind a proxy that breaks one thing: GetAlias forgets which version it is.
import { spawn } from 'node:child_process'
import http from 'node:http'
const port = Number(process.env.PORT)
const behind = port - 20000 // away from the ports that the system hands out
spawn('ministack', { env: { ...process.env, BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(behind) }, stdio: 'inherit' })
http
  .createServer((request, response) => {
    const breaks = request.method === 'GET' && /\\/aliases\\/[^/]+$/.test(request.url.split('?')[0])
    const { method, url: path, headers } = request
    const upstream = http.request({ port: behind, host: '127.0.0.1', method, path, headers }, answer => {
      const chunks = []
      answer.on('data', chunk => chunks.push(chunk))
      answer.on('end', () => {
        let body = Buffer.concat(chunks)
        if (breaks && answer.statusCode === 200) body = Buffer.from(String(body).replace(/"FunctionVersion": ?"[^"]*"/, '"FunctionVersion": "7"'))
        response.writeHead(answer.statusCode, { ...answer.headers, 'content-length': body.length }).end(body)
      })
    })
    upstream.on('error', () => response.destroy())
    request.pipe(upstream)
  })
  .listen(port, '127.0.0.1')
`

const BROKEN = `endpoint: broken
endpoints:
  broken:
    url: http://127.0.0.1:0
    region: us-east-1
    account: '000000000000'
    start: {command: node break.mjs, env: {PORT: $PORT}, timeout: 60}
`

const TEMPLATE = `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 20}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: src
      Timeout: 60
      Policies:
        - Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]
      Events:
        Orders: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn, BatchSize: 10}}
  Anyone:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Work, Action: 'lambda:InvokeFunction', Principal: '*'}
`

const HANDLER = `import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
export const handler = async event => {
  const client = new S3Client({})
  for (const record of event.Records)
    await client.send(new GetObjectCommand({ Bucket: process.env.BUCKET, Key: record.body }))
}
`

const PROFILES = ['--profile', 'aliases', '--profile', 'versions']
const lambdacheck = (...args: readonly string[]): readonly string[] => ['npx', 'lambdacheck', ...args]

const STEPS: readonly Step[] = [
  {
    says: 'An empty folder. Nothing but Node.js is there; MiniStack was installed with `pip install ministack`.',
    run: ['npm', 'init', '--yes'],
  },
  {
    says: 'The package, and Vitest, on which the suites of `certify` run.',
    run: ['npm', 'install', '--save-dev', '--no-audit', '--no-fund', '../lambdacheck-0.1.0.tgz', 'vitest'],
  },
  {
    says: 'A configuration and a workflow to start from.',
    run: lambdacheck('init', '--emulator', 'ministack', '--project'),
    expects: /written {2}lambdacheck\.config\.yaml/,
  },
  {
    says: 'The first run says what is wrong, and what to mend first. It ends with 1; its evidence is the baseline from now on. Two profiles of sixteen keep this short.',
    run: lambdacheck('certify', ...PROFILES, '--out', 'baseline'),
    code: 1,
    expects: /Mend first: /,
  },
  ...[1, 2].map(time => ({
    says:
      time === 1
        ? 'The same emulator, held against that: green, and it says so.'
        : 'And once more: nothing about it is luck.',
    run: lambdacheck('certify', ...PROFILES, '--baseline', 'baseline', '--out', `run-${time}`),
    expects: /NO WORSE THAN THE BASELINE/,
  })),
  {
    says: 'Somebody breaks the emulator: a proxy in front of it changes one member of one answer. The run is red, and names the cause.',
    files: { 'break.mjs': PROXY, 'broken.yaml': BROKEN },
    run: lambdacheck('certify', '--config', 'broken.yaml', ...PROFILES, '--baseline', 'baseline', '--out', 'run-3'),
    code: 1,
    expects: /WORSE THAN THE BASELINE/,
  },
  {
    says: 'A SAM project, linted. What breaks is printed; the whole record, with what held, goes into a file.',
    files: { 'template.yaml': TEMPLATE, 'src/app.mjs': HANDLER },
    run: lambdacheck('lint', '--preset', 'all', '--format', 'pretty', '--format', 'json:lint.json'),
    code: 1,
    expects: /resource-exposed/,
  },
  {
    says: 'The control report, of lint and of the last good run together.',
    run: lambdacheck(
      'report',
      'controls',
      'lint.json',
      'run-2',
      '--framework',
      'fsbp',
      '--format',
      'terminal',
      '--format',
      'html:controls.html',
      '--format',
      'oscal:controls.oscal.json',
    ),
    code: 1,
  },
  {
    says: 'A site of all runs.',
    run: lambdacheck('site', 'baseline', 'run-1', 'run-2', '--out', 'site'),
    expects: /begin with index\.html/,
  },
]

/** Lines of an output that are shown: what comes last is what a person reads. */
const FIRST = 8
const LAST = 46

function shortened(text: string): string {
  const lines = text.trimEnd().split('\n')
  if (lines.length <= FIRST + LAST + 1) return lines.join('\n')
  return [...lines.slice(0, FIRST), `… (${lines.length - FIRST - LAST} lines)`, ...lines.slice(-LAST)].join('\n')
}

/** Without what differs from machine to machine. */
function withoutMachine(text: string): string {
  return text
    .replaceAll(folder, '~/demo')
    .replaceAll(outside, '~')
    .replace(/127\.0\.0\.1:\d{4,5}/g, '127.0.0.1:PORT')
    .replace(/\u001b\[[\d;]*[A-Za-z]/g, '')
    .replace(/[ \t]+$/gm, '')
}

function take({ says, files = {}, run, code = 0, expects }: Step): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  const [command = '', ...args] = run
  const env = {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env['PATH']}`,
    NO_COLOR: '1',
    npm_config_update_notifier: 'false',
  }
  const end = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  // Progress is for those who wait; what standard error says beside it stands at its end.
  const asides = end.stderr.split('\n').filter(line => !/^\d+\/\d+[, ]|^npm (warn|notice)|^$/.test(line))
  const said = withoutMachine([end.stdout.trimEnd(), ...asides].join('\n'))
  process.stderr.write(`${run.join(' ')}: ${end.status}\n`)
  if (end.status !== code) throw new Error(`${run.join(' ')} ended with ${end.status} in place of ${code}:\n${said}`)
  if (expects !== undefined && !expects.test(said))
    throw new Error(`${run.join(' ')} does not say ${expects}:\n${said}`)
  const shown = Object.entries(files).map(
    ([file, text]) => `\`${file}\`:\n\n\`\`\`${path.extname(file).slice(1).replace('mjs', 'js')}\n${text}\`\`\`\n`,
  )
  return `${says}\n\n${shown.join('\n')}${shown.length ? '\n' : ''}\`\`\`console\n$ ${run.join(' ')}\n${shortened(said)}\n$ echo $?\n${code}\n\`\`\`\n`
}

const HEAD = `# The first minutes

What \`npm run first-minutes\` typed and saw, in an empty folder: written by that script, and only by it. Ports are called PORT.

`

mkdirSync(folder)
try {
  const pack = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', outside], {
    cwd: root,
    encoding: 'utf8',
  })
  if (pack.status !== 0) throw new Error(pack.stderr)
  writeFileSync(path.join(root, 'docs/first-minutes.md'), HEAD + STEPS.map(take).join('\n'))
} finally {
  rmSync(outside, { recursive: true, force: true })
}
