import { defineRule } from '../engine/rule.ts'

/** A function whose package nobody has to sign. */
export const rule = defineRule({
  id: 'code-signing-missing',
  fn(fn, { report }) {
    if (fn.packageType !== 'Zip' || !fn.property('CodeSigningConfigArn').isAbsent) return
    report({
      at: fn,
      message: `${fn.id} takes code that nobody has signed`,
      help: 'Name a code signing configuration by CodeSigningConfigArn, and sign the package when it is built',
    })
  },
})
