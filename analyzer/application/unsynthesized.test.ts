import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadApplication } from '../load-application.ts'
import { discover } from './discover.ts'
import { noteOfUnsynthesized } from './unsynthesized.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lambdacheck-unsynthesized-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const STACK = JSON.stringify({
  Resources: { Jobs: { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'App/Jobs/Resource' } } },
})

function noteOf(files: Readonly<Record<string, string>>): string | undefined {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return noteOfUnsynthesized(discover(root), loadApplication(root).templates)
}

it('an app without its templates is told, with what to do', () => {
  expect(noteOf({ 'infra/cdk.json': '{"app": "node bin/app.js"}', 'template.yaml': 'Resources: {}' })).toBe(
    '1 CDK app was not read (infra/cdk.json): lint with --synth, or run `cdk synth` first',
  )
})

it('of two apps the one that was synthesized is not told', () => {
  expect(
    noteOf({
      'a/cdk.json': '{}',
      'a/cdk.out/manifest.json': '{}',
      'a/cdk.out/App.template.json': STACK,
      'b/cdk.json': '{}',
    }),
  ).toMatch(/^1 CDK app was not read \(b\/cdk\.json\)/)
})

it('nothing is told without an app', () => {
  expect(noteOf({ 'template.yaml': 'Resources: {}' })).toBeUndefined()
})
