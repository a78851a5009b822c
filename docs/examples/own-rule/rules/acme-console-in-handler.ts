import { defineRule, ts } from 'lambdacheck/lint'

/** Lines that are written past the logger of the house, which adds the request and hides what is private. */
export const rule = defineRule({
  id: 'acme-console-in-handler',
  page: new URL('acme-console-in-handler.md', import.meta.url),
  visit: {
    CallExpression(node, code) {
      const { expression } = node
      if (!ts.isPropertyAccessExpression(expression) || expression.expression.getText() !== 'console') return
      if (!code.inHandler(node)) return
      code.report({
        at: expression,
        message: `console.${expression.name.text} writes past the logger`,
        help: 'Call logger.info of @acme/logger',
        related: code.functions.map(fn => ({ at: fn, message: `${fn.id} runs it` })),
      })
    },
  },
})
