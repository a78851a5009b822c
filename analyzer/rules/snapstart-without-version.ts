import { defineRule } from '../engine/rule.ts'

/** SnapStart where no version is ever published: nothing is started from a snapshot. */
export const rule = defineRule({
  id: 'snapstart-without-version',
  fn(fn, { app, report }) {
    const { type, template } = fn.resource
    const snapshot = fn.property('SnapStart', 'ApplyOn')
    if (type !== 'AWS::Lambda::Function' || snapshot.string() !== 'PublishedVersions') return
    // Elsewhere a setting or a plugin publishes.
    if (template.open || !/^(cloudformation|cdk|sam)$/.test(template.format)) return
    const isPublished = app.ofType('AWS::Lambda::Version').some(version => {
      const of = version.property('FunctionName')
      return of.resource ? of.resource === fn.resource : of.string() === undefined || of.string() === fn.name.string()
    })
    if (isPublished) return
    report({
      at: snapshot,
      message: `${fn.id} asks for SnapStart on published versions, and the template publishes none`,
      help:
        'Add an AWS::Lambda::Version, and an alias that callers use; or take SnapStart away, ' +
        'which does nothing here',
    })
  },
})
