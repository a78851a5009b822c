/** Files that nobody should write, and the built program that is given each. */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { evidenceForInputs } from './fuzz.ts'
import type { HostileRow } from './signals.ts'
import { runProgram } from './servers.ts'

interface Input {
  readonly args: readonly string[]
  readonly files: { readonly [file: string]: string | Buffer | ((path: string) => void) }
  /** The exit codes that are right. */
  readonly codes: readonly number[]
}

const MEGABYTE = 2 ** 20
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

function filled(megabytes: number, before = '', after = ''): (path: string) => void {
  return file => {
    const handle = openSync(file, 'w')
    const piece = Buffer.alloc(MEGABYTE, 'x')
    writeSync(handle, before)
    for (let at = 0; at < megabytes; at++) writeSync(handle, piece)
    writeSync(handle, after)
    closeSync(handle)
  }
}

const template = (value: string): string =>
  `Transform: AWS::Serverless-2016-10-31\nMappings: {M: {a: {b: !FindInMap [M, a, b]}}}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: ${value}\n      Runtime: nodejs22.x\n`
const evidence = evidenceForInputs()
const lint = (files: Input['files'], codes: readonly number[] = [0, 1]): Input => ({
  args: ['lint', '.'],
  files,
  codes,
})
const render = (text: Input['files'][string], codes: readonly number[] = [2]): Input => ({
  args: ['report', 'render', 'e.json'],
  files: { 'e.json': text },
  codes,
})
const audit = (text: Input['files'][string], codes: readonly number[] = [2]): Input => ({
  args: ['audit', 'r.jsonl'],
  files: { 'r.jsonl': text },
  codes,
})

export const INPUTS: { readonly [name: string]: Input } = {
  'template: FindInMap in its own map': lint({ 'template.yaml': template('!FindInMap [M, a, b]') }),
  'template: an event of type constructor': lint({
    'template.yaml': `${template('a.b')}      Events: {E: {Type: constructor}, F: {Type: __proto__}}\n`,
  }),
  'template: 900 KB of ${a in an Fn::Sub': lint({ 'template.yaml': template(`!Sub '${'${a'.repeat(300_000)}'`) }),
  'template: 100,000 levels': lint({
    'template.json': `{"AWSTemplateFormatVersion": "x", "Resources": ${nested(100_000)}}`,
  }),
  'template: a bomb of aliases': lint({
    'template.yaml': `a0: &a0 [x]\n${Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`).join('\n')}\nResources: {Q: {Type: AWS::SQS::Queue, Properties: {Tags: *a30}}}\n`,
  }),
  'template: 100 MB': lint({ 'template.json': filled(100, '{"AWSTemplateFormatVersion": "2010-09-09", "x": "', '"}') }),
  'code: 200,000 brackets': lint(
    { 'app.js': `exports.handler = async event => ${'('.repeat(200_000)}1${')'.repeat(200_000)}` },
    [2],
  ),
  'code: 50 MB in one line': lint({ 'app.js': filled(50, 'exports.handler = async event => "', '"') }, [2]),
  'package.json: a name that cannot be a text': lint({
    'template.yaml': template('app.handler'),
    'app.js': 'exports.handler = async event => require("x")',
    'package.json': '{"name": {"toString": null}, "dependencies": {"x": {"toString": null}}}',
  }),
  'package.json: broken': lint({ 'package.json': '{"name": ', 'template.yaml': template('app.handler') }, [0, 1, 2]),
  'configuration: names of JavaScript': {
    args: ['lint', '.', '--config', 'c.json'],
    files: { 'c.json': '{"constructor": 1, "lint": {"rules": {"toString": "error"}}}' },
    codes: [2],
  },
  'configuration: 100,000 levels': {
    args: ['lint', '.', '--config', 'c.json'],
    files: { 'c.json': `{"lint": ${nested(100_000)}}` },
    codes: [2],
  },
  'evidence: half of it': render(evidence.slice(0, evidence.length / 2)),
  'evidence: a result taken out': render(JSON.stringify({ ...JSON.parse(evidence), results: [] })),
  'evidence: a verdict turned': render(evidence.replace('"verdict": "fail"', '"verdict": "pass"')),
  'evidence: 100,000 levels': render(evidence.replace('"options": {', `"options": {"x": ${nested(100_000)}, `)),
  'evidence: 600 MB': render(filled(600, '{"schemaVersion": 1, "x": "', '"}')),
  'evidence: bytes': render(Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 91) % 256))),
  'evidence: a torn journal': render(`{"journal":"lambdacheck","schemaVersion":1,"start":{"tool`),
  'recording: a line of 512 MB': audit(filled(512, '{"operation": "ListTags", "x": "', '"}\n')),
  'recording: 100,000 levels': audit(
    `{"operation": "Invoke", "response": {"status": 200, "body": ${nested(100_000)}}}\n`,
  ),
  'recording: a member that cannot be a text': audit(
    '{"operation": "GetFunction", "request": {"FunctionName": {"toString": null}}, "response": {"status": 400, "errorType": "ServiceException", "body": {"Type": {"toString": null}}}}\n',
    [0, 1],
  ),
  'recording: a million broken lines': audit('{\n'.repeat(1_000_000)),
  'recording: HAR of 300 MB': audit(filled(300, '{"log": {"entries": [], "x": "', '"}}')),
}

const PATIENCE_MS = 120_000
const MOST_MEMORY_MB = 2500

export async function tryInput(name: string): Promise<HostileRow> {
  const { args, files, codes } = INPUTS[name]!
  const folder = mkdtempSync(path.join(tmpdir(), 'lambdacheck-hostile-'))
  try {
    for (const [file, content] of Object.entries(files)) {
      const at = path.join(folder, file)
      mkdirSync(path.dirname(at), { recursive: true })
      if (typeof content === 'function') content(at)
      else writeFileSync(at, content)
    }
    const end = await runProgram(args, folder, PATIENCE_MS)
    const survived = end.code !== null && codes.includes(end.code) && !end.broke && end.memoryMb < MOST_MEMORY_MB
    return {
      tried: name,
      survived,
      note: `exit ${end.code ?? 'none'}, ${(end.ms / 1000).toFixed(1)} s, ${end.memoryMb} MB${survived ? '' : `; ${end.said}`}`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
