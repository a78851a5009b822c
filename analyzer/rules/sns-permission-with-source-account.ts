import { removeEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'

/** A permission for SNS with an account: SNS does not tell it, and the permission holds for nothing. */
export const rule = defineRule({
  id: 'sns-permission-with-source-account',
  application(app, { report, turnTo }) {
    for (const permission of app.invokePermissions) {
      turnTo(permission.resource)
      if (
        permission.principal.string() !== 'sns.amazonaws.com' ||
        permission.sourceAccount.isAbsent ||
        permission.sourceAccount.kind === 'unknown'
      )
        continue
      // By its name a function of another template may be meant, or one of another application.
      const own = permission.function?.template === permission.resource.template ? permission.function : undefined
      const edit = permission.sourceArn.isAbsent ? undefined : removeEntry(permission.sourceAccount)
      report({
        at: permission.sourceAccount,
        message:
          `${permission.resource.id} asks SNS for its account, which SNS does not tell: ` +
          `${own?.id ?? 'the function'} is never invoked by it`,
        help: permission.sourceArn.isAbsent
          ? 'Name the topic by SourceArn, and take SourceAccount out'
          : 'Take SourceAccount out: the ARN of a topic names its account already',
        fixes: edit ? [{ description: 'Take SourceAccount out', kind: 'fix', edits: [edit] }] : [],
      })
    }
  },
})
