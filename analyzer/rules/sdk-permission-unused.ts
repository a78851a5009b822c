import { managedPolicy } from '../data/managed-policies.ts'
import { samPolicyTemplate } from '../data/sam-policy-templates.ts'
import { defineRule } from '../engine/rule.ts'
import { removeItem } from '../engine/edit.ts'
import type { Loc } from '../application/source.ts'
import { actionsWithoutResource } from '../permissions/action-scope.ts'
import { isBySdkAlone, serviceOfAction, unusedActions } from '../permissions/excess.ts'
import { nameOfManaged } from '../permissions/grants.ts'
import { listOf, namesOf } from '../permissions/role-text.ts'

/** What a mapping asks with, together: it may be made elsewhere. */
const POLLING =
  /^(dynamodb:(GetRecords|GetShardIterator|DescribeStream|ListStreams|ListShards)|kinesis:(Get(Records|ShardIterator)|DescribeStream(Summary)?|List(Streams|Shards)|SubscribeToShard)|sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes|ChangeMessageVisibility))$/

/** Granted actions that nothing in the code of the functions that hold them uses. */
export const rule = defineRule({
  id: 'sdk-permission-unused',
  statement(statement, policy, { app, report }) {
    if (policy.kind !== 'identity' || statement.effect !== 'Allow' || statement.notActions.length) return
    // What the statement does not allow by its resources is no right: that is another finding.
    const nothing = new Set(actionsWithoutResource(statement).map(one => one.action))
    const unused = unusedActions(
      app,
      statement.loc,
      statement.actions.flatMap(action => action.string() ?? []).filter(action => !nothing.has(action)),
    )
    if (!unused) return
    const byText = (texts: readonly string[]) =>
      statement.actions.filter(action => texts.includes(action.string() ?? ''))
    const services = new Set(unused.ofServices.map(serviceOfAction))
    for (const service of services) {
      const values = byText(unused.ofServices.filter(text => serviceOfAction(text) === service))
      if (values.length > 1 && values.every(value => POLLING.test(value.string() ?? ''))) continue
      report({
        at: values[0] ?? statement,
        message:
          `${values.map(value => value.string()).join(', ')} ${values.length === 1 ? 'is' : 'are'} granted, ` +
          `and the code of ${namesOf(unused.functions)} never calls ${service}`,
        help: 'Take it out. What is granted and not used helps only whoever gets into the function',
        related: unused.functions.slice(0, 3).map(fn => ({ at: fn, message: `${fn.id} has this right` })),
      })
    }
    const single = byText(unused.single)
    if (single[0])
      report({
        at: single[0],
        message:
          `${listOf(single.flatMap(value => value.string() ?? []))} ${single.length === 1 ? 'is' : 'are'} ` +
          `granted, and no call in the code of ${namesOf(unused.functions)} needs ` +
          `${single.length === 1 ? 'it' : 'them'}`,
        help: 'Take it out',
        severity: 'info',
        fixes: single.flatMap(value => {
          const edit = removeItem(value)
          return edit ? [{ description: `Take ${value.string()} out`, kind: 'suggestion' as const, edits: [edit] }] : []
        }),
      })
  },
  fn(fn, { app, report }) {
    const whole = (loc: Loc, name: string, granted: readonly string[]): void => {
      const patterns = granted.filter(pattern => isBySdkAlone(serviceOfAction(pattern)))
      const services = new Set(patterns.map(serviceOfAction))
      const unused = unusedActions(app, loc, patterns)
      if (!unused || new Set(unused.ofServices.map(serviceOfAction)).size < services.size) return
      report({
        at: loc,
        message:
          `${name} is attached, and the code of ${namesOf(unused.functions)} never calls ` +
          `${serviceOfAction(patterns[0] ?? '')}`,
        help: 'Take it out. What is granted and not used helps only whoever gets into the function',
        related: unused.functions.slice(0, 3).map(one => ({ at: one, message: `${one.id} has this right` })),
      })
    }
    for (const { name, value } of fn.permissions.templates) {
      const actions = (samPolicyTemplate(name)?.statements ?? []).flatMap(statement => statement.actions)
      if (actions.length) whole(value.keyLoc ?? value.loc, name, actions)
    }
    for (const value of fn.permissions.managed) {
      const name = nameOfManaged(value)
      const actions =
        name === undefined ? [] : (managedPolicy(name) ?? []).flatMap(statement => statement.actions ?? ['*'])
      // Those for what a function is set up with hold logs and more besides.
      if (
        name !== undefined &&
        /^(Amazon|AWS\w+(Full|ReadOnly)Access|\w+FullAccess|SecretsManagerReadWrite)/.test(name) &&
        !/^AWSLambda|XRay|CloudWatch/i.test(name) &&
        !actions.includes('*')
      )
        whole(value.loc, name, actions)
    }
  },
})
