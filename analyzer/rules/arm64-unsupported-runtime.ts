import { setValue } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'

/** Runtimes of the first Amazon Linux: they never came to arm64. */
const X86_ONLY =
  /^(nodejs(4\.3|6\.10|8\.10|10\.x)?|python(2\.7|3\.6|3\.7)|ruby2\.5|java8|go1\.x|dotnetcore(1\.0|2\.0|2\.1)|provided)$/

/** A function for a processor that its runtime does not run on: the deployment fails. */
export const rule = defineRule({
  id: 'arm64-unsupported-runtime',
  fn(fn, { report }) {
    const runtime = fn.runtime.string()
    const architecture = fn.architectures.items('single').find(one => one.string() === 'arm64')
    if (runtime === undefined || architecture === undefined || !X86_ONLY.test(runtime)) return
    const edit = setValue(architecture, 'x86_64')
    report({
      at: architecture,
      message: `${fn.id} asks for arm64, but ${runtime} runs on x86_64 only`,
      help: 'Take a runtime on Amazon Linux 2 or newer, or x86_64',
      related: [{ at: fn.runtime, message: 'the runtime' }],
      fixes: edit ? [{ description: 'Run on x86_64', kind: 'suggestion', edits: [edit] }] : [],
    })
  },
})
