import { defineRule } from '../engine/rule.ts'

/** Environment variables that are encrypted with AWS's own key. */
export const rule = defineRule({
  id: 'env-key-missing',
  fn(fn, { report }) {
    if (!fn.environment.entries().length || !fn.property('KmsKeyArn').isAbsent) return
    report({
      at: fn.environment.keyLoc ?? fn,
      message: `The environment variables of ${fn.id} are encrypted with a key of AWS's own`,
      help: 'Give the function a KmsKeyArn where they are confidential, and let its role decrypt with it',
    })
  },
})
