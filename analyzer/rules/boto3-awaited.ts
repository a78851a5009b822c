import type { PyNode, PythonFile } from '../application/python.ts'
import { defineRule } from '../engine/rule.ts'
import { qualifiedName } from '../python/file.ts'
import { textOf } from '../python/syntax.ts'
import { botoCalls } from '../sdk/boto3.ts'

/** A call of boto3 where Python wants something that can be awaited: what is called answers a dictionary. */
export const rule = defineRule({
  id: 'boto3-awaited',
  python({ file, handlers, report }) {
    const seen = new Set<PyNode>()
    for (const call of handlers.flatMap(botoCalls)) {
      if (call.file !== file || call.operation === undefined || seen.has(call.node)) continue
      seen.add(call.node)
      const how = wantedBy(call.node, file)
      if (how === undefined) continue
      report({
        at: call.node,
        message: `${how} wants a coroutine, and boto3 answers only when the call is done: this fails with a TypeError`,
        help: 'Hand the call to a thread, such as asyncio.to_thread(client.method, …), or call it without asyncio',
      })
    }
  },
})

/** What asks the event loop to run a coroutine. */
const TAKES_COROUTINES =
  /^asyncio\.(create_task|ensure_future|gather|wait_for|shield|run|run_coroutine_threadsafe|as_completed)$/

/** What wants the value of a call to be awaitable; undefined when nothing does. */
function wantedBy(call: PyNode, file: PythonFile): string | undefined {
  let at = call
  while (at.parent?.type === 'parenthesized_expression') at = at.parent
  const { parent } = at
  if (parent?.type === 'await') return 'await'
  if (parent?.type !== 'argument_list' || parent.children[0] !== at) {
    const taker = parent?.type === 'argument_list' ? parent.parent : undefined
    const name = taker && qualifiedName(taker.field('function'), file)
    return name === 'asyncio.gather' ? name : undefined
  }
  const callee = parent.parent?.field('function')
  if (!callee) return undefined
  const name = qualifiedName(callee, file) ?? ''
  if (TAKES_COROUTINES.test(name)) return name
  // Of a loop or a group of tasks.
  const method = callee.type === 'attribute' ? textOf(callee.field('attribute') ?? callee) : ''
  return /^(create_task|run_until_complete)$/.test(method) ? textOf(callee) : undefined
}
