import type { Resource } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'

/** Properties that name a resource in its account and region. */
const NAMES: { readonly [type: string]: string } = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Serverless::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
}

/** Two resources of a template with one name. */
export const rule = defineRule({
  id: 'name-taken-twice',
  application({ templates }, { report, turnTo }) {
    for (const template of templates) {
      // Terraform has providers for several regions in one folder.
      if (template.format === 'terraform') continue
      const taken = new Map<string, Resource>()
      for (const resource of template.resources.values()) {
        const property = NAMES[resource.type]
        const name = property === undefined ? undefined : resource.property(property)
        const text = name?.string()
        if (!name || text === undefined || resource.condition !== undefined || name.via.length > 0) continue
        turnTo(resource)
        const key = `${resource.type.replace('Serverless', 'Lambda')} ${text}`
        const other = taken.get(key)
        if (other)
          report({
            at: name,
            message: `${resource.id} and ${other.id} are both called ${text}`,
            help: 'The second cannot be made, and the deployment fails: leave the name out, or give another',
            related: [{ at: other, message: 'the other one' }],
          })
        else taken.set(key, resource)
      }
    }
  },
})
