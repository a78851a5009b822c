/** What is said of what held: it was asked for, it could be known, and nothing was wrong. */
import { describe, expect, it } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'
import { rules } from '../rules/index.ts'
import { loadKnowledge } from '../data/pages.ts'
import { runRules } from './run.ts'

const { quota } = loadKnowledge()

/** Verdicts of some rules as `rule: verdict resource`, sorted. */
function verdictsOf(
  files: { readonly [path: string]: string },
  ids: readonly string[],
  settings: { readonly off?: string; readonly today?: string } = {},
): readonly string[] {
  const { verdicts } = runRules(
    applicationOf(files),
    rules.filter(rule => ids.includes(rule.id)),
    {
      severity: (_rule, file) => (file === settings.off ? 'off' : 'error'),
      quota,
      ...(settings.today && { today: settings.today }),
    },
  )
  const name = (at: number): string => verdicts.resources[at]?.id ?? '?'
  return verdicts.rules
    .filter(one => ids.includes(one.rule))
    .flatMap(one => [
      ...one.pass.map(at => `${one.rule}: pass ${name(at)}`),
      ...one.fail.map(({ resource, findings }) => `${one.rule}: fail ${name(resource)} (${findings.length})`),
      ...one.unknown.map(({ resource, why }) => `${one.rule}: unknown ${name(resource)}: ${why}`),
      ...one.notApplicable.map(at => `${one.rule}: not applicable ${name(at)}`),
      ...one.accepted.map(
        ({ resource, reason, by, until }) => `${one.rule}: accepted ${name(resource)}: ${reason}, ${by}, ${until}`,
      ),
    ])
    .sort()
}

const sam = (resources: string, parameters = ''): string =>
  `Transform: AWS::Serverless-2016-10-31\n${parameters}Resources:\n${resources}`
const fn = (name: string, more: string): string =>
  `  ${name}: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/, Handler: app.handler, Runtime: nodejs22.x, ${more}}}\n`

describe('verdicts of rules', () => {
  it('tell what held from what broke, what cannot be known and what is not there', () => {
    const files = {
      'template.yaml': sam(
        fn('Fine', 'Timeout: 10') + fn('Long', 'Timeout: 901') + fn('Given', 'Timeout: !Ref T') + fn('None', ''),
        'Parameters: {T: {Type: Number}}\n',
      ),
    }
    expect(verdictsOf(files, ['timeout-out-of-range', 'efs-vpc-missing'])).toEqual([
      'efs-vpc-missing: not applicable Fine',
      'efs-vpc-missing: not applicable Given',
      'efs-vpc-missing: not applicable Long',
      'efs-vpc-missing: not applicable None',
      'timeout-out-of-range: fail Long (1)',
      'timeout-out-of-range: pass Fine',
      'timeout-out-of-range: pass None',
      'timeout-out-of-range: unknown Given: parameter T has no default',
    ])
  })

  it('say nothing of files in which a rule is off', () => {
    const files = { 'template.yaml': sam(fn('Long', 'Timeout: 901')) }
    expect(verdictsOf(files, ['timeout-out-of-range'], { off: 'template.yaml' })).toEqual([])
  })

  it('call nothing passed that another rule tells of', () => {
    const files = {
      'template.yaml': sam(
        fn('Wide', "Policies: [{Statement: [{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::b/*'}]}]"),
      ),
      'src/app.mjs': 'export const handler = async () => 1\n',
    }
    expect(verdictsOf(files, ['iam-wildcard-action', 'sdk-permission-unused'])).toEqual([
      'iam-wildcard-action: unknown Wide: sdk-permission-unused tells of it',
      'sdk-permission-unused: fail Wide (1)',
    ])
    expect(verdictsOf(files, ['iam-wildcard-action'])).toEqual(['iam-wildcard-action: fail Wide (1)'])
  })

  it('say what of the rights of a role cannot be seen', () => {
    const files = {
      'template.yaml': sam(
        fn('Own', 'Policies: [AWSLambdaBasicExecutionRole]') +
          fn('Imported', 'Role: arn:aws:iam::111122223333:role/somebody'),
      ),
    }
    expect(verdictsOf(files, ['iam-full-access-policy'])).toEqual([
      'iam-full-access-policy: pass Own',
      'iam-full-access-policy: unknown Imported: not all that its role grants is known',
    ])
  })

  it('are about every function whose code is looked at, and say whose code was not', () => {
    const files = {
      'template.yaml': sam(
        fn('One', '') + fn('Two', '') + fn('Java', '').replace('app.handler', 'a.B::c').replace('nodejs22.x', 'java21'),
      ),
      'src/app.js': 'exports.handler = async () => { console.log(process.env); return {} }\n',
    }
    const found = verdictsOf(files, ['log-process-env', 'client-inside-handler'])
    expect(found.filter(one => !one.includes('unknown'))).toEqual([
      'client-inside-handler: pass One',
      'client-inside-handler: pass Two',
      'log-process-env: fail One (1)',
      'log-process-env: fail Two (1)',
    ])
    expect(found.filter(one => one.includes('unknown Java'))).toHaveLength(2)
  })

  it('are about one resource at a time where a rule looks at all of them', () => {
    const permission = (name: string, more: string): string =>
      `  ${name}: {Type: AWS::Lambda::Permission, Properties: {FunctionName: f, Action: 'lambda:InvokeFunction', ${more}}}\n`
    const files = {
      'template.yaml': sam(
        permission('Open', 'Principal: sns.amazonaws.com') +
          permission('Closed', "Principal: sns.amazonaws.com, SourceArn: 'arn:aws:sns:eu-west-1:111122223333:t'") +
          permission('Given', 'Principal: !Ref Who'),
        'Parameters: {Who: {Type: String}}\n',
      ),
    }
    expect(verdictsOf(files, ['permission-without-source'])).toEqual([
      'permission-without-source: fail Open (1)',
      'permission-without-source: pass Closed',
      'permission-without-source: unknown Given: parameter Who has no default',
    ])
  })
})

describe('what is accepted', () => {
  const files = (comment: string): { readonly [path: string]: string } => ({
    'template.yaml': `${sam(`  Long: # ${comment}\n`)}    Type: AWS::Serverless::Function\n    Properties: {CodeUri: src/, Handler: app.handler, Runtime: nodejs22.x, Timeout: 901}\n    Metadata: {lambdacheck: {ignore: [{rule: timeout-out-of-range, reason: a trial, by: Jane, until: 2027-01-31}]}}\n`,
  })

  it('says why, who and until when', () => {
    expect(verdictsOf(files('x'), ['timeout-out-of-range'], { today: '2027-01-31' })).toEqual([
      'timeout-out-of-range: accepted Long: a trial, Jane, 2027-01-31',
    ])
  })

  it('is a failure again on the day after, and the suppression is complained of', () => {
    expect(verdictsOf(files('x'), ['timeout-out-of-range', 'suppression-unused'], { today: '2027-02-01' })).toEqual([
      'suppression-unused: fail Long (1)',
      'timeout-out-of-range: fail Long (1)',
    ])
  })

  it('reads the terms behind the reason of a comment', () => {
    const text = `${sam('  Long:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/\n      Handler: app.handler\n      Runtime: nodejs22.x\n')}      Timeout: 901 # lambdacheck-ignore timeout-out-of-range: a trial (until 2027-01-31, by Jane Doe)\n`
    expect(verdictsOf({ 'template.yaml': text }, ['timeout-out-of-range'], { today: '2027-01-01' })).toEqual([
      'timeout-out-of-range: accepted Long: a trial, Jane Doe, 2027-01-31',
    ])
  })
})
