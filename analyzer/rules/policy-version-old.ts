import { defineRule } from '../engine/rule.ts'

/** A policy without a version, or with that of 2008. */
export const rule = defineRule({
  id: 'policy-version-old',
  policy({ value, resource }, { report }) {
    const version = value.at('Version')
    const isWhole = value.kind === 'map' && !value.open && !value.at('Statement').isAbsent && !value.isTranslated
    if (!isWhole || resource?.type === 'AWS::Events::EventBusPolicy') return
    if (!version.isAbsent && version.string() !== '2008-10-17') return
    report({
      at: version.isAbsent ? value : version,
      message: version.isAbsent
        ? 'The policy has no version: it is read as one of 2008'
        : 'The policy is of the version of 2008',
      help: "Write Version: '2012-10-17': older ones know no variables such as ${aws:username}",
    })
  },
})
