/**
 * The engine of least privilege as a whole, held to a second, much simpler one: projects in which everything is known
 * are made at random, and what the rules find is compared with what plain matching of names says. What a finding
 * suggests must take it away.
 */
import fc from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadApplication } from '../load-application.ts'
import { matchesGlob } from '../../base/glob.ts'
import { actionsMatching, covers } from '../data/iam.ts'
import { applyEdits } from '../engine/fix.ts'
import { runRules } from '../engine/run.ts'
import { rule as broader } from '../rules/sdk-permission-broader.ts'
import { rule as missing } from '../rules/sdk-permission-missing.ts'
import { rule as mismatch } from '../rules/sdk-resource-mismatch.ts'
import { rule as unused } from '../rules/sdk-permission-unused.ts'
import type { Finding } from '../../reports/evidence.ts'
import { keysOf } from '../../base/keys-of.ts'

let root = ''
let serial = 0
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lambdacheck-privilege-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const TABLES = ['Orders', 'Users', 'Audit'] as const
type Table = (typeof TABLES)[number]

/** Commands of the document client, with the action that each needs. */
const COMMANDS = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Query: 'Query',
  Scan: 'Scan',
} as const
type Command = keyof typeof COMMANDS

const ACTIONS = ['GetItem', 'PutItem', 'DeleteItem', 'Query', '*', '*Item', 'Get*', '?can', 'Describe*'] as const
/** Resources of statements: a table by reference, one by its ARN, all, or those of another service. */
const RESOURCES = [
  ...TABLES.map(table => `ref ${table}`),
  'all',
  'every table',
  'a queue',
  'indexes of Orders',
] as const

interface Project {
  readonly named: boolean
  readonly calls: readonly { readonly command: Command; readonly table: Table; readonly index: boolean }[]
  readonly statements: readonly {
    readonly effect: 'Allow' | 'Deny'
    readonly actions: readonly (typeof ACTIONS)[number][]
    readonly resource: (typeof RESOURCES)[number]
  }[]
}

const project: fc.Arbitrary<Project> = fc.record({
  named: fc.boolean(),
  calls: fc.uniqueArray(
    fc.record({
      command: fc.constantFrom(...keysOf(COMMANDS)),
      table: fc.constantFrom(...TABLES),
      index: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4, selector: call => `${call.command} ${call.table} ${call.index}` },
  ),
  statements: fc.array(
    fc.record({
      effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Deny'),
      actions: fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 3 }),
      resource: fc.constantFrom(...RESOURCES),
    }),
    { minLength: 1, maxLength: 4 },
  ),
})

function resource(text: Project['statements'][number]['resource']): unknown {
  const table = TABLES.find(one => text === `ref ${one}`)
  if (table) return { 'Fn::GetAtt': [table, 'Arn'] }
  if (text === 'indexes of Orders') return { 'Fn::Sub': '${Orders.Arn}/index/*' }
  return text === 'all' ? '*' : text === 'every table' ? 'arn:aws:dynamodb:*:*:table/*' : 'arn:aws:sqs:*:*:*'
}

const usesIndex = (call: Project['calls'][number]): boolean =>
  call.index && (call.command === 'Query' || call.command === 'Scan')

function files({ named, calls, statements }: Project): { readonly [file: string]: string } {
  const template = {
    Resources: {
      ...Object.fromEntries(
        TABLES.map(table => [
          table,
          { Type: 'AWS::DynamoDB::Table', Properties: named ? { TableName: `my-${table.toLowerCase()}` } : {} },
        ]),
      ),
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
          Policies: [
            {
              PolicyName: 'p',
              PolicyDocument: {
                Statement: statements.map(one => ({
                  Effect: one.effect,
                  Action: one.actions.map(action => `dynamodb:${action}`),
                  Resource: resource(one.resource),
                })),
              },
            },
          ],
        },
      },
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: 'src',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: Object.fromEntries(TABLES.map(table => [table.toUpperCase(), { Ref: table }])) },
        },
      },
    },
  }
  const lines = calls.map(
    call =>
      `  await client.send(new ${call.command}Command({ TableName: process.env.${call.table.toUpperCase()}${usesIndex(call) ? ", IndexName: 'i'" : ''} }))`,
  )
  return {
    'template.json': JSON.stringify(template, null, 2),
    'src/index.js': `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
const { DynamoDBDocumentClient, ${[...new Set(calls.map(call => `${call.command}Command`))].join(', ')} } = require('@aws-sdk/lib-dynamodb')
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
exports.handler = async () => {
${lines.join('\n')}
}
`,
  }
}

function write(contents: { readonly [file: string]: string }): string {
  const home = join(root, String(++serial))
  mkdirSync(join(home, 'src'), { recursive: true })
  for (const [file, text] of Object.entries(contents)) writeFileSync(join(home, file), text)
  return home
}

function findingsOf(contents: { readonly [file: string]: string }): readonly Finding[] {
  const home = write(contents)
  const { findings, crashes } = runRules(loadApplication(home), [missing, mismatch, broader, unused], {
    severity: () => 'error',
    quota: () => 0,
  })
  rmSync(home, { recursive: true })
  expect(crashes).toEqual([])
  return findings
}

/** What a call comes to, by plain matching. */
function outcome(call: Project['calls'][number], { statements }: Project): 'granted' | 'missing' | 'mismatch' {
  const action = COMMANDS[call.command]
  const forAction = statements.filter(one =>
    one.actions.some(pattern => new RegExp(`^${pattern.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(action)),
  )
  const onIt = (text: Project['statements'][number]['resource']): boolean =>
    text === 'all' ||
    text === 'every table' ||
    (usesIndex(call) ? text === 'indexes of Orders' && call.table === 'Orders' : text === `ref ${call.table}`)
  const allowed = forAction.filter(one => one.effect === 'Allow')
  const denied = forAction.filter(one => one.effect === 'Deny')
  if (!allowed.length || denied.some(one => one.resource === 'all')) return 'missing'
  if (denied.some(one => onIt(one.resource)) || !allowed.some(one => onIt(one.resource))) return 'mismatch'
  return 'granted'
}

const lineOf = (index: number): number => 5 + index

describe('missing rights and wrong resources', () => {
  it('are exactly those that plain matching finds', () => {
    fc.assert(
      fc.property(project, one => {
        const findings = findingsOf(files(one))
        one.calls.forEach((call, index) => {
          const here = findings
            .filter(finding => finding.location.file === 'src/index.js' && finding.location.line === lineOf(index))
            .map(finding => finding.rule)
          const expected = outcome(call, one)
          // A right that is missing is told at the first call that lacks it, and the others are named there.
          const isNamed = findings.some(
            finding =>
              finding.rule === 'sdk-permission-missing' &&
              finding.related.some(one => one.file === 'src/index.js' && one.line === lineOf(index)),
          )
          if (expected === 'missing' && isNamed) return expect(here).toEqual([])
          expect(here, `${call.command} on ${call.table}`).toEqual(
            expected === 'granted' ? [] : [expected === 'missing' ? 'sdk-permission-missing' : 'sdk-resource-mismatch'],
          )
        })
      }),
      { numRuns: 80 },
    )
  }, 60_000)

  it('are gone when what is suggested is done, and nothing else gets worse', () => {
    fc.assert(
      fc.property(project, one => {
        let contents = files({ ...one, statements: one.statements.filter(statement => statement.effect === 'Allow') })
        const wrong = (): readonly Finding[] =>
          findingsOf(contents).filter(
            finding => finding.rule === 'sdk-permission-missing' || finding.rule === 'sdk-resource-mismatch',
          )
        let last = wrong()
        while (last.length) {
          const fix = last[0]!.fixes[0]
          // A role without any statement has no list to add to.
          if (!fix) break
          contents = { ...contents, 'template.json': applyEdits(contents['template.json']!, fix.edits) }
          const next = wrong()
          expect(next.length).toBeLessThan(last.length)
          expect(next.map(finding => finding.message)).not.toContain(last[0]!.message)
          last = next
        }
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})

describe('rights that are too many', () => {
  const broad: fc.Arbitrary<Project> = project.map(one => ({
    ...one,
    statements: [{ effect: 'Allow', actions: ['*'], resource: 'all' }],
  }))

  it('are narrowed to what the code needs: no call is refused, and nothing is left to narrow', () => {
    fc.assert(
      fc.property(broad, one => {
        let contents = files(one)
        for (let round = 0; round < 3; round++) {
          const finding = findingsOf(contents).find(each => each.rule === 'sdk-permission-broader')
          if (!finding) break
          contents = { ...contents, 'template.json': applyEdits(contents['template.json']!, finding.fixes[0]!.edits) }
        }
        expect(findingsOf(contents).map(finding => `${finding.rule}: ${finding.message}`)).toEqual([])
        const [statement] = (
          JSON.parse(contents['template.json']!) as {
            Resources: {
              Role: {
                Properties: { Policies: [{ PolicyDocument: { Statement: [{ Action: string[]; Resource: unknown }] } }] }
              }
            }
          }
        ).Resources.Role.Properties.Policies[0].PolicyDocument.Statement
        expect([...statement.Action].sort()).toEqual(
          [...new Set(one.calls.map(call => `dynamodb:${COMMANDS[call.command]}`))].sort(),
        )
        expect(statement.Resource).not.toBe('*')
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  it('are unused exactly when no call needs them', () => {
    fc.assert(
      fc.property(
        project,
        fc.uniqueArray(
          fc.constantFrom('GetItem', 'PutItem', 'DeleteItem', 'UpdateItem', 'Query', 'Scan', 'CreateTable'),
          { minLength: 2 },
        ),
        (one, granted) => {
          const contents = files({
            ...one,
            statements: [{ effect: 'Allow', actions: granted as never, resource: 'all' }],
          })
          const told = findingsOf(contents)
            .filter(finding => finding.rule === 'sdk-permission-unused')
            .flatMap(finding => [...finding.message.matchAll(/dynamodb:(\w+)/g)].map(([, action]) => action))
          const needed = new Set<string>(one.calls.map(call => COMMANDS[call.command]))
          expect(told.sort()).toEqual(granted.filter(action => !needed.has(action)).sort())
        },
      ),
      { numRuns: 50 },
    )
  }, 60_000)
})

describe('patterns of actions', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'C'), maxLength: 6 })
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '*', '?'), maxLength: 6 })
  const expression = (text: string): RegExp => new RegExp(`^${text.replace(/\*/g, '[^]*').replace(/\?/g, '[^]')}$`)

  it('match as a regular expression does', () => {
    fc.assert(
      fc.property(pattern, letters, (wild, text) => {
        expect(matchesGlob(wild, text)).toBe(expression(wild).test(text))
        expect(covers(`s3:${wild}`, `S3:${text.toUpperCase()}`)).toBe(
          expression(wild.toLowerCase()).test(text.toLowerCase()),
        )
      }),
      { numRuns: 5_000 },
    )
  })

  it('spell out to exactly the actions that they cover', () => {
    const all = actionsMatching('dynamodb:*')
    const part = fc.constantFrom('Get', 'Put', 'Item', 'Table', 'Batch', '*', '?', 'Describe', 's')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), parts => {
        const wild = `dynamodb:${parts.join('')}`
        expect(actionsMatching(wild)).toEqual(all.filter(action => covers(wild, action)))
      }),
      { numRuns: 500 },
    )
  })
})
