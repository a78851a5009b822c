import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Place, Report } from '../engine/rule.ts'
import { ts } from '../application/typescript.ts'
import { bare, propertyName } from '../syntax/syntax.ts'
import { collect, literalOf } from '../python/syntax.ts'
import { lastName } from '../dataflow/file-index.ts'
import { isPointer, isSecretName, secretForm } from '../dataflow/secrets.ts'
import type { Value } from '../application/value.ts'
import { parameterDefault } from '../application/parameter-default.ts'

/** A secret that everybody can read who may read the template, the code or the configuration of the function. */
export const rule = defineRule({
  id: 'secret-in-env-or-code',
  fn(fn, { report }) {
    for (const { key, value } of fn.environment.entries()) {
      for (const one of value.references()) {
        if (!isMadeSecret(one)) continue
        report({
          at: one,
          message: `The environment of ${fn.id} holds the secret of ${one.reference?.id} in plain text: ${key}`,
          help:
            'Whoever may read the configuration of the function can use it. Give the function a role in place of a key; ' +
            'keep a password in Secrets Manager, and give the function its name',
          severity: 'warning',
        })
      }
      for (const one of value.possible()) {
        const text = one.string()
        if (text === undefined) continue
        const form = secretForm(text)
        if (form === undefined && (!isSecretName(key) || isPointer(text))) continue
        // What all functions inherit is one finding.
        const whose = one.via.some(via => via.kind === 'global')
          ? 'The environment of all functions'
          : `The environment of ${fn.id}`
        report({
          at: one,
          message:
            form === undefined
              ? `${whose} holds a secret in plain text: ${key}`
              : `${whose} holds ${form} in plain text: ${key}`,
          help:
            'Keep it in Secrets Manager or Parameter Store, give the function its name, and read it when the ' +
            'environment starts',
          related: parameterDefault(one),
        })
      }
    }
  },
  python({ file, report }) {
    for (const node of collect(file.root, one => one.type === 'string')) {
      const form = secretForm(literalOf(node) ?? '')
      if (form !== undefined) report(inCode(form, node))
    }
  },
  visit: {
    StringLiteral: check,
    NoSubstitutionTemplateLiteral: check,
    PropertyAssignment(node, code) {
      checkNamed(propertyName(node.name), node.initializer, code)
    },
    BinaryExpression(node, code) {
      if (ASSIGNS.has(node.operatorToken.kind)) checkNamed(lastName(node.left), node.right, code)
    },
    VariableDeclaration(node, code) {
      if (node.initializer && ts.isIdentifier(node.name)) checkNamed(node.name.text, node.initializer, code)
    },
  },
})

/** What a deployment makes and nobody writes: an attribute of a resource that is a secret. */
const MADE: { readonly [type: string]: RegExp } = {
  'AWS::IAM::AccessKey': /^SecretAccessKey$/,
  aws_iam_access_key: /^(secret|ses_smtp_password_v4)$/,
  random_password: /^result$/,
}

function isMadeSecret({ reference }: Value): boolean {
  const type = reference?.resource?.type ?? ''
  return Object.hasOwn(MADE, type) && MADE[type]?.test(reference?.attribute ?? '') === true
}

const ASSIGNS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
])

/**
 * A literal under the name of a secret: `secretAccessKey: '…'`, `process.env.DB_PASSWORD = '…'`,
 * `process.env.TOKEN || '…'`.
 */
function checkNamed(name: string | undefined, value: ts.Expression, code: CodeContext): void {
  if (name === undefined || !isSecretName(name)) return
  const literal = literalIn(value)
  if (!literal || secretForm(literal.text) !== undefined || !looksSecret(literal.text)) return
  code.report({
    at: literal,
    message: `The code holds a secret in plain text: ${name}`,
    help: 'Take it back where it was issued, since it must count as known; then keep the new one in Secrets Manager',
  })
}

/** The literal that an expression is, or falls back to. */
function literalIn(node: ts.Expression): ts.StringLiteralLike | undefined {
  const expression = bare(node)
  if (ts.isStringLiteralLike(expression)) return expression
  return ts.isBinaryExpression(expression) && /^(\?\?|\|\|)$/.test(expression.operatorToken.getText())
    ? literalIn(expression.right)
    : undefined
}

/** No pointer, no word or name of something: a secret has digits among its letters, or is long and of mixed letters. */
const looksSecret = (text: string): boolean =>
  text.length >= 8 &&
  !isPointer(text) &&
  !/\s|^[a-z]+([-_.][a-z]+)*$|^[A-Z]+(_[A-Z]+)*$|^([A-Z]?[a-z]+)+$|test|example|sample|dummy|fake|mock|local|placeholder|your|secret-?name|[<>{}$]/i.test(
    text,
  ) &&
  /\d/.test(text) &&
  /[A-Za-z]/.test(text)

function check(node: ts.StringLiteralLike, { report }: CodeContext): void {
  const form = secretForm(node.text)
  if (form !== undefined) report(inCode(form, node))
}

function inCode(form: string, at: Place): Report {
  return {
    at,
    message: `The code holds ${form}: everybody can read it who may read the code, its history or the package`,
    help: 'Take it back where it was issued, since it must count as known; then keep the new one in Secrets Manager',
  }
}
