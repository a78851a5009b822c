import { describe, expect, it } from 'vitest'
import { actionFacts, actionsMatching } from './iam.ts'
import { managedPolicies } from './managed-policies.ts'
import { samPolicyTemplate } from './sam-policy-templates.ts'

describe('managed policies', () => {
  it('allow only actions that there are', () => {
    for (const [name, actions] of Object.entries(managedPolicies)) {
      for (const action of actions) {
        if (action === '*') continue
        const known = action.includes('*') ? actionsMatching(action).length > 0 : actionFacts(action) !== undefined
        expect(known, `${name}: ${action}`).toBe(true)
      }
    }
  })
})

describe('policy templates of SAM', () => {
  it('are known by name, with actions and resources', () => {
    const crud = samPolicyTemplate('DynamoDBCrudPolicy')!
    expect(crud.parameters).toEqual(['TableName'])
    expect(crud.statements.flatMap((statement) => statement.actions)).toContain('dynamodb:PutItem')
    expect(crud.statements[0]!.resources[0]).toBe('arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}')
    expect(samPolicyTemplate('NoSuchPolicy')).toBeUndefined()
    expect(samPolicyTemplate('constructor')).toBeUndefined()
  })
})
