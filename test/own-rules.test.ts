/** Rules that a configuration brings along, as `docs/how-to/own-rule.md` shows them. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { lintServer } from '../cli/commands/lsp.ts'
import type { Message } from '../cli/lsp/framing.ts'
import { main } from '../cli/main.ts'
import type { Evidence } from '../reports/evidence.ts'
import { ROOT } from './cli/run-cli.ts'
import { inOwnFolder } from './support/own-folder.ts'

const here = inOwnFolder('lambdacheck-own-rules-', root => {
  mkdirSync(join(root, 'node_modules'))
  cpSync(join(ROOT, 'docs/examples/own-rule'), root, { recursive: true })
})
const ID = 'acme-console-in-handler'

async function lint(...args: string[]): Promise<number> {
  here.out = ''
  here.err = ''
  return main(['lint', '--format', 'json', ...args])
}

const evidence = (): Evidence => JSON.parse(here.out) as Evidence
const own = (): Evidence['findings'] => evidence().findings.filter(one => one.rule === ID)
const withConfig = (text: string): void => writeFileSync(join(here.root, 'lambdacheck.config.ts'), text)
const RULE = "import { defineRule } from 'lambdacheck/lint'\n"

// The first command loads the pages and the compiler.
vi.setConfig({ testTimeout: 120_000 })

// In CI a configuration that is only found is not run: these tests mean the same wherever they run.
beforeEach(() => {
  vi.stubEnv('CI', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a rule of one’s own', () => {
  const say = async (...args: string[]): Promise<number> => {
    here.out = ''
    here.err = ''
    return main(args)
  }

  it('stands among the rules, and is explained', async () => {
    expect(await say('rules')).toBe(0)
    expect(here.out).toMatch(new RegExp(`^ {2}${ID} +warning +A line past the logger`, 'm'))
    expect(await say('rules', '--json')).toBe(0)
    expect(JSON.parse(here.out)).toContainEqual(
      expect.objectContaining({ id: ID, title: 'A line past the logger', page: `rules/${ID}.md` }),
    )
    expect(await say('explain', ID)).toBe(0)
    expect(here.out).toContain('A line past the logger')
    expect(await say('explain', 'acme-console-in-handle')).toBe(2)
    expect(here.err).toContain(`did you mean ${ID}?`)
  })

  it('is explained where the code of the configuration may run, and nowhere else', async () => {
    vi.stubEnv('CI', '1')
    expect(await say('explain', ID)).toBe(2)
    expect(here.err).toContain('lambdacheck.config.ts is not read')
    expect(await say('explain', ID, '--config', 'lambdacheck.config.ts')).toBe(0)
    expect(await say('rules')).toBe(0)
    expect(here.out).not.toContain(ID)
    expect(await say('rules', '--config', 'lambdacheck.config.ts')).toBe(0)
    expect(here.out).toContain(ID)
    // What is ours needs nothing of the project.
    expect(await say('explain', 'memory-out-of-range')).toBe(0)
    expect(here.out).toMatch(/^memory-out-of-range .* proved by schema /)
    expect(here.err).toBe('')
  })

  it('is a rule of SARIF with its title and its page', async () => {
    await say('lint', '--format', 'sarif')
    const { tool, results } = (
      JSON.parse(here.out) as {
        runs: [{ tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }]
      }
    ).runs[0]
    const result = results.find(one => one.ruleId === ID)
    expect(tool.driver.rules[result?.ruleIndex ?? -1]).toMatchObject({
      id: ID,
      shortDescription: { text: 'A line past the logger' },
      properties: { page: `rules/${ID}.md` },
    })
  })

  it('is found in an editor whose command names the configuration', async () => {
    const server = lintServer({
      named: 'lambdacheck.config.ts',
      version: '0',
      send: message => void sent.push(message),
    })
    const sent: Message[] = []
    await server.take({ id: 1, method: 'initialize', params: { rootUri: pathToFileURL(here.root).href } })
    await server.take({ method: 'initialized', params: {} })
    const uri = pathToFileURL(join(here.root, 'src/app.js')).href
    const told = JSON.stringify(sent.filter(one => one.method === 'textDocument/publishDiagnostics'))
    expect(told).toContain(ID)
    await server.take({
      id: 2,
      method: 'textDocument/hover',
      params: { textDocument: { uri }, position: { line: 3, character: 4 } },
    })
    expect(JSON.stringify(sent.find(one => one.id === 2))).toContain('A line past the logger')
    const unnamed = lintServer({ named: undefined, version: '0', send: message => void sent.push(message) })
    sent.length = 0
    await unnamed.take({ id: 1, method: 'initialize', params: { rootUri: pathToFileURL(here.root).href } })
    await unnamed.take({ method: 'initialized', params: {} })
    expect(JSON.stringify(sent)).not.toContain(ID)
  })

  it('finds, with its page, its levels and its verdicts, like any other', async () => {
    expect(await lint()).toBe(0)
    const [finding, ...more] = own()
    expect(more).toEqual([])
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'certain',
      message: 'console.log writes past the logger',
      location: { file: 'src/app.js', line: 4 },
      related: [{ file: 'template.yaml', message: 'Reader runs it' }],
    })
    // What the project says stands at no address of ours.
    expect(finding).not.toHaveProperty('page')
    expect(evidence().lint?.rules.find(one => one.rule === ID)).toMatchObject({
      title: 'A line past the logger',
      page: 'rules/acme-console-in-handler.md',
      fail: [expect.anything()],
    })
    expect(await lint('--rule', `${ID}=error`)).toBe(1)
    expect(await lint('--rule', `${ID}=off`)).toBe(0)
    expect(own()).toEqual([])
    await expect(main(['lint', '--rule', 'acme-console-in-handle=off'])).resolves.toBe(2)
    expect(here.err).toContain(`did you mean ${ID}?`)
  })

  it('is read anew each time, and obeys suppressions', async () => {
    expect(await lint()).toBe(0)
    const file = join(here.root, 'rules', `${ID}.ts`)
    writeFileSync(file, readFileSync(file, 'utf8').replace('writes past', 'goes past'))
    expect(await lint()).toBe(0)
    expect(own().map(one => one.message)).toEqual(['console.log goes past the logger'])
    const code = join(here.root, 'src/app.js')
    writeFileSync(
      code,
      readFileSync(code, 'utf8').replace('  console', `  // lambdacheck-ignore ${ID}: a sample\n  console`),
    )
    expect(await lint()).toBe(0)
    expect(own().map(one => one.suppressed !== undefined)).toEqual([true])
  })

  it('is not run in CI unless the configuration is named', async () => {
    vi.stubEnv('CI', '1')
    expect(await lint()).toBe(0)
    expect(own()).toEqual([])
    expect(here.err).toContain('lambdacheck.config.ts is not read')
    expect(await lint('--config', 'lambdacheck.config.ts')).toBe(0)
    expect(own()).toHaveLength(1)
  })

  it('that breaks is told, and the others go on', async () => {
    withConfig(
      `${RULE}const page = new URL('rules/${ID}.md', import.meta.url)\nexport default { lint: { ownRules: [defineRule({ id: '${ID}', page, fn() { throw new Error('no luck') } })], preset: 'strict' } }`,
    )
    await lint()
    expect(evidence().notes.filter(note => note.includes('no luck'))).toEqual([
      expect.stringContaining(`rule ${ID} broke on`),
    ])
    expect(evidence().findings.length).toBeGreaterThan(0)
  })

  it.each([
    ["{ id: 'memory-out-of-range', page, fn() {} }", /has the id memory-out-of-range, which another rule has/],
    ["{ id: 'acme-x', fn() {} }", /needs its `page`: new URL\('acme-x\.md', import\.meta\.url\)/],
    ["{ id: 'acme-x', page: new URL('gone.md', import.meta.url), fn() {} }", /gone\.md, and there is no such file/],
    ["{ id: 'acme-x', page, fn() {} }", /acme-console-in-handler\.md:\d+: /],
    ["{ id: 'acme-x', page, fnn() {} }", /has fnn, which is no hook; did you mean fn\?/],
    ["{ id: 'acme-x', page }", /has no hook: rules are code/],
    ["'acme-x'", /lint\.ownRules\[0\] is no rule/],
  ])('that is none is refused: %s', async (written, complaint) => {
    withConfig(
      `const page = new URL('rules/${ID}.md', import.meta.url)\nexport default { lint: { ownRules: [${written}] } }`,
    )
    expect(await lint()).toBe(2)
    expect(here.err).toMatch(complaint)
  })
})
