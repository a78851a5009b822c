import { defineRule } from '../engine/rule.ts'

/** Resources of SAM in a template that no transform turns into resources of CloudFormation. */
export const rule = defineRule({
  id: 'sam-transform-missing',
  template(template, { report }) {
    if (template.format !== 'cloudformation' || template.open || !template.root.at('Transform').isAbsent) return
    const [first, ...others] = [...template.resources.values()].filter(resource =>
      resource.type.startsWith('AWS::Serverless::'),
    )
    if (!first || template.root.at('Transform').isUnknown) return
    report({
      at: first,
      message:
        `${first.id}${others.length ? ` and ${others.length} more are resources` : ' is a resource'} of SAM, ` +
        'and the template names no transform',
      help: 'Add Transform: AWS::Serverless-2016-10-31 at the top: CloudFormation alone does not know these types',
    })
  },
})
