import { locOf } from '../application/code.ts'
import { defineRule } from '../engine/rule.ts'
import { follow, followMember } from '../dataflow/origins.ts'
import { textOf } from '../dataflow/values.ts'
import { sdkCallsOf } from '../sdk/sdk-calls.ts'

/** Members of inputs that name something which a template makes. */
const NAMES = [
  'TableName',
  'Bucket',
  'QueueUrl',
  'TopicArn',
  'TargetArn',
  'StreamName',
  'FunctionName',
  'StateMachineArn',
  'stateMachineArn',
  'EventBusName',
  'SecretId',
  'UserPoolId',
  'DeliveryStreamName',
  'KeyId',
]

/** A resource named in the code: every stage shares it, and a second stack cannot have its own. */
export const rule = defineRule({
  id: 'hardcoded-resource-name',
  file(file, code) {
    for (const call of sdkCallsOf(file)) {
      if (!call.input || !code.inHandler(call.node)) continue
      for (const member of NAMES) {
        const value = followMember(call.input.node, member, call.input.file)
        if (!value) continue
        const target = follow(value.node, value.file)
        const text = textOf(target.node, target.file)
        if (text === undefined || text === '' || (member === 'KeyId' && text.startsWith('alias/aws/'))) continue
        code.report({
          at: locOf(target.file, target.node),
          message:
            `${member} is '${text.length > 60 ? `${text.slice(0, 57)}...` : text}' in the code: ` +
            'every stage and every stack uses the same one',
          help: `Read it from an environment variable, and let the template set that to a reference to the resource`,
          related: [
            { at: locOf(file, call.node), message: `${call.operation} uses it` },
            ...code.functions.slice(0, 2).map(fn => ({
              at: fn.environment.isAbsent ? fn : fn.environment,
              message: `the environment of ${fn.id}`,
            })),
          ],
        })
      }
    }
  },
})
