import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import type { Evidence } from '../evidence.ts'
import { anyEvidence, evidenceOf } from '../fixtures/evidence.ts'
import { expectHarmless } from '../fixtures/expect-harmless.ts'
import { sampleEvidence } from '../fixtures/sample.ts'
import { renderJunit } from './junit.ts'

interface Node {
  readonly name: string
  readonly attributes: { readonly [name: string]: string }
  readonly children: Node[]
  text: string
}

/** Throws for anything that is not well-formed XML. */
function parse(xml: string): Node {
  const parser = new SaxesParser()
  const root: Node = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, attributes: attributes as Node['attributes'], children: [], text: '' }
    open.at(-1)!.children.push(node)
    open.push(node)
  })
  parser.on('text', text => {
    open.at(-1)!.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return root.children[0]!
}

const ALLOWED = new Set(['testsuites', 'testsuite', 'testcase', 'failure', 'error', 'skipped', 'system-out'])

function every(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const child of node.children) every(child, visit)
}

function check(evidence: Evidence): Node {
  const xml = renderJunit(evidence)
  expectHarmless(xml)
  const root = parse(xml)
  every(root, ({ name }) => expect(ALLOWED.has(name), name).toBe(true))
  for (const node of [root, ...root.children]) {
    let cases: Node[] = []
    every(node, one => one.name === 'testcase' && cases.push(one))
    const having = (name: string): number => cases.filter(one => one.children.some(child => child.name === name)).length
    expect([node.attributes['tests'], node.attributes['failures'], node.attributes['errors']]).toEqual(
      [cases.length, having('failure'), having('error')].map(String),
    )
    expect(node.attributes['skipped']).toBe(node === root ? undefined : String(having('skipped')))
    cases = []
  }
  return root
}

/** What Jenkins' schema says against the documents, a line each; a document is named by its place in the list. */
async function violations(documents: readonly string[]): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: documents.map((contents, at) => ({ fileName: `${at}.xml`, contents })),
    schema: { fileName: 'junit-10.xsd', contents: readFileSync('reports/fixtures/junit-10.xsd', 'utf8') },
    maxMemoryPages: 4096,
  })
  return errors.map(one => one.rawMessage)
}

describe('renderJunit', () => {
  it("is valid by Jenkins' schema, for any evidence", async () => {
    const documents = [sampleEvidence(), ...fc.sample(anyEvidence(), { numRuns: 100, seed: 1 })].map(renderJunit)
    expect(await violations(documents)).toEqual([])
  })

  it("is held against a schema that refuses what Jenkins' readers do not know", async () => {
    const document = renderJunit(sampleEvidence())
    const broken = [
      document.replace('<testcase ', '<testcase file="a.ts" '),
      document.replace('<testsuite name=', '<testsuite title='),
      document.replace(/time="[^"]*"/, 'time="soon"'),
      document.replace('<failure ', '<fault ').replace('</failure>', '</fault>'),
    ]
    for (const one of broken) expect(await violations([one])).not.toEqual([])
  })

  it('is well-formed, with true counts and nothing injected, for any evidence', () => {
    fc.assert(
      fc.property(anyEvidence(), evidence => {
        const root = check(evidence)
        const unexpected = evidence.results.filter(
          result => result.verdict === 'fail' && result.expectedFailure !== true,
        ).length
        const findings = evidence.findings.filter(
          finding => finding.suppressed === undefined && finding.severity !== 'info',
        ).length
        expect(root.attributes['failures']).toBe(String(unexpected + findings))
      }),
      { numRuns: 300 },
    )
  })

  it('has a suite for each profile and one for lint', () => {
    const root = check(sampleEvidence())
    expect(root.children.map(one => one.attributes['name'])).toEqual([
      'aliases',
      'async',
      'code-signing',
      'concurrency',
      'event-sources',
      'functions',
      'invoke',
      'layers',
      'permissions',
      'tags',
      'versions',
      'lint',
    ])
    const functions = root.children[5]!
    expect(functions.attributes).toMatchObject({
      tests: '354',
      failures: '24',
      timestamp: '2026-01-02T03:04:05',
      hostname: 'sample',
    })
    const failed = functions.children.find(one => one.children[0]?.name === 'failure')!
    expect(failed.attributes).toMatchObject({
      classname: 'lambdacheck.functions',
    })
    expect(failed.children[0]!.attributes).toEqual({ type: 'must', message: 'expected a refusal, got 201' })
    expect(failed.children[0]!.text).toContain('Expected: 400 with InvalidParameterValueException')
    expect(failed.children[0]!.text).toContain('spec/api/CreateFunction.md:14')
    expect(failed.children[0]!.text).toContain('Replay: lambdacheck certify')
  })

  it('has expected failures and suppressed findings skipped, with the reason', () => {
    const root = check(sampleEvidence())
    const tags = root.children.find(one => one.attributes['name'] === 'tags')!
    expect(tags.attributes).toMatchObject({ failures: '0', skipped: '5' })
    const lint = root.children.at(-1)!
    expect(lint.attributes).toMatchObject({ tests: '5', failures: '4', skipped: '1' })
    expect(lint.children.at(-1)!.children[0]!.attributes['message']).toBe('suppressed: the queue of a demonstration')
  })

  it('has one passing case when lint found nothing, so that a reader sees that it ran', () => {
    const { endpoint: _, ...lint } = evidenceOf([])
    expect(check(lint).attributes).toMatchObject({ tests: '1', failures: '0' })
  })
})
