import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { condenseDocument } from '../../scripts/condense-managed-policies.ts'
import { isService } from './iam.ts'
import { managedPolicy } from './managed-policies.ts'
import type { ManagedPolicyStatement } from './managed-policies.ts'
import { samPolicyTemplate } from './sam-policy-templates.ts'

const policies = JSON.parse(readFileSync(new URL('managed-policies.json', import.meta.url), 'utf8')) as {
  [name: string]: ManagedPolicyStatement[]
}
/** Services that the reference knows under no name of their own. */
const OLD = new Set([
  'mobileanalytics',
  'rdbms',
  'ssmmessages',
  'ec2messages',
  'cognito-sync',
  'machinelearning',
  'qldb',
  'workmail',
  'elastictranscoder',
  'forecast',
  'firehose',
  'timestream',
  'zocalo',
])

describe('managed policies', () => {
  it('hold statements with actions and resources, of services that there are', () => {
    expect(Object.keys(policies).length).toBeGreaterThan(100)
    for (const [name, statements] of Object.entries(policies)) {
      for (const statement of statements) {
        const actions = statement.actions ?? statement.except ?? []
        expect(actions.length, name).toBeGreaterThan(0)
        expect(statement.resources.length, name).toBeGreaterThan(0)
        for (const action of actions) {
          const service = action.split(':')[0]!
          expect(action === '*' || isService(service) || OLD.has(service), `${name}: ${action}`).toBe(true)
        }
      }
    }
  })

  it('are known by name', () => {
    expect(managedPolicy('AWSLambdaBasicExecutionRole')).toEqual([
      { actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], resources: ['*'] },
    ])
    expect(managedPolicy('PowerUserAccess')![0]!.except).toContain('iam:*')
    expect(managedPolicy('NoSuchPolicy')).toBeUndefined()
    expect(managedPolicy('constructor')).toBeUndefined()
  })

  it('come from documents with single and several statements, actions and resources', () => {
    expect(condenseDocument({ Effect: 'Allow', Action: 's3:*', Resource: '*' })).toEqual([
      { actions: ['s3:*'], resources: ['*'] },
    ])
    expect(
      condenseDocument([
        { Effect: 'Deny', Action: 's3:*', Resource: '*' },
        { Effect: 'Allow', NotAction: ['iam:*'], Resource: ['a', 'b'], Condition: {} },
      ]),
    ).toEqual([{ except: ['iam:*'], resources: ['a', 'b'], conditional: true }])
  })
})

describe('policy templates of SAM', () => {
  it('are known by name, with actions and resources', () => {
    const crud = samPolicyTemplate('DynamoDBCrudPolicy')!
    expect(crud.parameters).toEqual(['TableName'])
    expect(crud.statements.flatMap(statement => statement.actions)).toContain('dynamodb:PutItem')
    expect(crud.statements[0]!.resources[0]).toBe(
      'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}',
    )
    expect(samPolicyTemplate('NoSuchPolicy')).toBeUndefined()
    expect(samPolicyTemplate('constructor')).toBeUndefined()
  })
})
