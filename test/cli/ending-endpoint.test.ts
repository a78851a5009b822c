/** An endpoint that was started for the run and ends at some requests: before the answer, or behind it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Evidence } from '../../reports/evidence.ts'
import { builtFolder } from './built-folder.ts'
import { ROOT, runCli } from './run-cli.ts'

const here = builtFolder('ending')

/** The embedded endpoint behind a door that falls shut where `ends` says so: `now`, or `behind` the answer. */
function door(ends: string): string {
  return `
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, request as send } from 'node:http'
import { startReference } from ${JSON.stringify(path.join(ROOT, 'dist/reference/server.js'))}

const { url } = await startReference()
const ends = ${ends}
const server = createServer(async (incoming, outgoing) => {
  const chunks = []
  for await (const chunk of incoming) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const when = ends(incoming, body.toString())
  if (when === 'now') {
    console.error('no memory for this')
    process.exit(3)
  }
  const inner = send(url + incoming.url, { method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers)
    answer.pipe(outgoing)
    if (when === 'behind') setTimeout(() => process.exit(4), 150)
  })
  inner.end(body)
})
server.listen(Number(process.env.PORT), '127.0.0.1')
`
}

async function certified(ends: string): Promise<Evidence> {
  const cwd = mkdtempSync(path.join(here.root, 'p-'))
  writeFileSync(path.join(cwd, 'door.mjs'), door(ends))
  writeFileSync(path.join(cwd, 'door.yaml'), 'url: http://127.0.0.1:0\nstart: {command: node door.mjs}\n')
  const { stderr } = await runCli(
    ['certify', '--endpoint', 'door.yaml', '--profile', 'tags', '--runs', '2', '--budget', '4m'],
    { cwd },
  )
  expect(stderr).not.toContain('defect')
  return JSON.parse(readFileSync(path.join(cwd, 'lambdacheck-report', 'evidence.json'), 'utf8')) as Evidence
}

const others = ({ results }: Evidence): readonly string[] =>
  results.filter(one => one.verdict !== 'pass').map(one => `${one.verdict} ${one.id}`)

test.concurrent('one that ends at a request fails that case, is started again, and the others are judged', {
  timeout: 300_000,
}, async () => {
  const evidence = await certified(
    `({ method, url }) => method === 'DELETE' && url.startsWith('/2017-03-31/tags/') && !url.includes('tagKeys') ? 'now' : ''`,
  )
  expect(others(evidence)).toEqual(['fail UntagResource.request.TagKeys.required#one-fault.missing'])
  const failed = evidence.results.find(one => one.verdict === 'fail')
  expect(failed?.reason).toContain(
    'the endpoint ended at this case, with no other beside it: it ended with exit code 3',
  )
  expect(failed?.actual).toContain('no memory for this')
  expect(evidence.partial).toBe(false)
  expect(evidence.notes.join('\n')).toMatch(
    /The endpoint ended during the run \(1\): it ended with exit code 3\. It wrote last:\nno memory/,
  )
})

test.concurrent('one that ends behind the answer fails the case that had seemed to hold', {
  timeout: 300_000,
}, async () => {
  const evidence = await certified(
    `({ method, url }, body) => method === 'POST' && url.startsWith('/2017-03-31/tags/') && body.includes('aws:') ? 'behind' : ''`,
  )
  const failed = others(evidence)
  const guilty = [
    'fail function-tags.reserved-prefix#property',
    'fail TagResource.error.InvalidParameterValueException.reserved-prefix#error',
  ]
  // Two cases end it. The one that is found may explain all endings, and then the other is not looked for.
  expect(failed).not.toEqual([])
  expect(failed.filter(one => !guilty.includes(one))).toEqual([])
  expect(evidence.profiles.filter(one => one.certified)).toEqual([])
})

test.concurrent('one that ends by itself, and at no case alone, is certified for nothing that ran then', {
  timeout: 300_000,
}, async () => {
  const evidence = await certified(
    `(() => {
      const died = existsSync('died')
      let left = 150
      return () => {
        if (died || --left > 0) return ''
        writeFileSync('died', '')
        return 'now'
      }
    })()`,
  )
  expect(evidence.results.filter(one => one.verdict === 'fail')).toEqual([])
  expect(evidence.profiles.filter(one => one.certified)).toEqual([])
  expect(evidence.notes.join('\n')).toContain('The endpoint ended during the run')
})
