import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import type { CodeContext, Place } from '../engine/rule.ts'
import { locOf } from '../application/code.ts'
import { importOf, propertyName } from '../syntax/syntax.ts'
import { eventFlows } from '../dataflow/event-origins.ts'
import { follow, followMember } from '../dataflow/origins.ts'
import type { Placed } from '../dataflow/origins.ts'
import { textOf } from '../dataflow/values.ts'

/** Asked first: every object of a project comes by. */
const NAME = /^access-control-allow-credentials$/i

/**
 * Credentials for every origin: with `*` no browser sends them, and with the origin that asked every page of the web
 * reads the answer.
 */
export const rule = defineRule({
  id: 'cors-credentials-any-origin',
  visit: {
    ObjectLiteralExpression(node, code) {
      if (!node.properties.some(one => one.name && NAME.test(propertyName(one.name) ?? ''))) return
      const headers = new Map(
        node.properties.flatMap(property =>
          ts.isPropertyAssignment(property) ? [[propertyName(property.name)?.toLowerCase(), property] as const] : [],
        ),
      )
      const origin = headers.get('access-control-allow-origin')
      const credentials = headers.get('access-control-allow-credentials')
      if (origin && credentials && isTrue({ node: credentials.initializer, file: code.file }))
        check(origin.initializer, origin, code)
    },
    CallExpression(call, code) {
      const made = importOf(call.expression)
      const [options] = call.arguments
      if (!made || !options || !/^(@middy\/http-cors|cors|@fastify\/cors|@koa\/cors|hono\/cors)$/.test(made.module))
        return
      const option = (name: string): Placed | undefined => followMember(options, name, code.file)
      const credentials = option('credentials')
      if (!credentials || !isTrue(credentials)) return
      const origin = option('origin') ?? option('origins')
      const isAny =
        origin &&
        (origin.node.kind === ts.SyntaxKind.TrueKeyword ||
          /['"]\*['"]/.test(follow(origin.node, origin.file).node.getText()))
      if (origin ? isAny : made.module !== '@middy/http-cors')
        report(
          origin ? locOf(origin.file, origin.node) : call,
          origin?.node.kind === ts.SyntaxKind.TrueKeyword ? 'asked' : 'any',
          code,
        )
    },
  },
})

function check(origin: ts.Expression, at: ts.Node, code: CodeContext): void {
  if (textOf(origin, code.file) === '*') report(at, 'any', code)
  else if (
    // The origin that asked, as it comes: nobody compared it with anything.
    eventFlows(origin, code).some(flow => flow.exact && /^(multiValueH|h)eaders\.origin$/i.test(flow.path.join('.'))) &&
    !/includes|test\(|match|===|indexOf|has\(|allow/i.test(
      code.file.source.text.replace(/Access-Control-Allow-\w+/gi, ''),
    )
  )
    report(at, 'asked', code)
}

function report(at: Place, how: 'any' | 'asked', code: CodeContext): void {
  code.report({
    at,
    message:
      how === 'any'
        ? 'Access-Control-Allow-Origin is * beside credentials: browsers refuse such an answer, and whoever mends ' +
          'it by any origin opens it to every page'
        : 'Every origin that asks is allowed with credentials: any page of the web reads the answers of whoever ' +
          'is signed in',
    help: 'Name the origins that may ask, compare the one that does, and answer with it',
  })
}

/** `true`, `'true'`. */
const isTrue = ({ node, file }: Placed): boolean => /^(true|['"]true['"])$/.test(follow(node, file).node.getText())
