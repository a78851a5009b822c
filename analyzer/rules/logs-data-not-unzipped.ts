import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { dottedName } from '../syntax/syntax.ts'
import { onlyKind, triggers } from '../dataflow/event-kinds.ts'
import { eventPath, isPath } from '../dataflow/event-origins.ts'

/** Log data that is read without being unpacked. */
export const rule = defineRule({
  id: 'logs-data-not-unzipped',
  visit: {
    CallExpression(node, code) {
      const [first] = node.arguments
      const name = dottedName(node.expression)
      // What a function of the project makes of it is not seen from here.
      const parsed = name === 'JSON.parse'
      if (!first || (!parsed && name !== 'Buffer.from') || !onlyKind(code, 'cloudwatch-logs')) return
      if (!isPath(eventPath(first, code), 'awslogs.data')) return
      const decodedAlone =
        !parsed &&
        !code.handlers.some(handler =>
          handler.files.some(file => /\b(g?unzip|inflate|Decompress|decompress|ungzip)/.test(file.source.text)),
        )
      if (!parsed && !decodedAlone) return
      code.report({
        at: ts.isPropertyAccessExpression(first) ? first.name : first,
        message: parsed
          ? 'The data of a log event is gzip in base64: it cannot be parsed as it comes'
          : 'The data of a log event is gzip in base64: decoded alone, it is no text yet',
        help:
          "Unpack it: JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString('utf8')), " +
          'with gunzipSync of node:zlib',
        related: triggers(code, 'cloudwatch-logs'),
      })
    },
  },
})
