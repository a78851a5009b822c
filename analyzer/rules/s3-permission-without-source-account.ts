import { addEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'

/**
 * A permission for S3 without an account: bucket names are free again when a bucket is deleted, and ARNs of buckets
 * name no account.
 */
export const rule = defineRule({
  id: 's3-permission-without-source-account',
  application(app, { report, turnTo }) {
    for (const permission of app.invokePermissions) {
      turnTo(permission.resource)
      if (
        permission.principal.string() !== 's3.amazonaws.com' ||
        !permission.sourceAccount.isAbsent ||
        // An organization bounds it as well.
        !permission.resource.property('PrincipalOrgID').isAbsent ||
        permission.resource.properties.open
      )
        continue
      const { function: invoked, resource } = permission
      // One of that name in another template has an id that says nothing here.
      const what = invoked?.template === resource.template ? invoked.id : 'the function'
      const edit = addEntry(permission.resource.properties, 'SourceAccount', { Ref: 'AWS::AccountId' })
      // A bucket that the same template makes is in the same account.
      const certain = permission.sourceArn.references().some(mention => mention.resource?.type === 'AWS::S3::Bucket')
      report({
        at: permission.principal,
        message: permission.sourceArn.isAbsent
          ? `${permission.resource.id} lets every bucket of every account invoke ${what}`
          : `${permission.resource.id} lets a bucket of that name invoke ${what}, whosever it is`,
        help:
          'The ARN of a bucket names no account, and whoever owns the name next is let in. Add ' +
          (resource.template.format === 'terraform'
            ? 'source_account = data.aws_caller_identity.current.account_id'
            : 'SourceAccount: !Ref AWS::AccountId'),
        related: permission.sourceArn.isAbsent
          ? []
          : [{ at: permission.sourceArn, message: 'the bucket by its name alone' }],
        fixes: edit
          ? [
              {
                description: 'Add the account of the stack as SourceAccount',
                kind: certain ? 'fix' : 'suggestion',
                edits: [edit],
              },
            ]
          : [],
      })
    }
  },
})
