import { defineRule } from '../engine/rule.ts'
import type { CodeContext } from '../engine/rule.ts'
import type { ts } from '../application/typescript.ts'
import { isPointer, isSecretName, secretForm } from '../dataflow/secrets.ts'
import { parameterDefault } from '../application/parameter-default.ts'

/** A secret that everybody can read who may read the template, the code or the configuration of the function. */
export const rule = defineRule({
  id: 'secret-in-env-or-code',
  fn(fn, { report }) {
    for (const { key, value } of fn.environment.entries()) {
      for (const one of value.possible()) {
        const text = one.string()
        if (text === undefined) continue
        const form = secretForm(text)
        if (form === undefined && (!isSecretName(key) || isPointer(text))) continue
        report({
          at: one,
          message:
            form === undefined
              ? `The environment of ${fn.id} holds a secret in plain text: ${key}`
              : `The environment of ${fn.id} holds ${form} in plain text: ${key}`,
          help: 'Keep it in Secrets Manager or Parameter Store, give the function its name, and read it when the environment starts',
          related: parameterDefault(one),
        })
      }
    }
  },
  visit: {
    StringLiteral: check,
    NoSubstitutionTemplateLiteral: check,
  },
})

function check(node: ts.StringLiteralLike, { report }: CodeContext): void {
  const form = secretForm(node.text)
  if (form === undefined) return
  report({
    at: node,
    message: `The code holds ${form}: everybody can read it who may read the code, its history or the package`,
    help: 'Take it back where it was issued, since it must count as known; then keep the new one in Secrets Manager',
  })
}
