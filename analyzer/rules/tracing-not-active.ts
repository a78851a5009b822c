import { setEntry } from '../engine/edit.ts'
import { defineRule } from '../engine/rule.ts'
import { own } from '../../base/own.ts'

/** What the property is called in the other kind of resource. */
const OTHER_NAMES: { readonly [type: string]: string } = {
  'AWS::Serverless::Function': 'TracingConfig',
  'AWS::Lambda::Function': 'Tracing',
}

/** A function whose traces end before it, or a setting that has the name of another kind of resource. */
export const rule = defineRule({
  id: 'tracing-not-active',
  fn(fn, { report }) {
    const sam = fn.resource.type === 'AWS::Serverless::Function'
    const wrongName = own(OTHER_NAMES, fn.resource.type)
    const misnamed = wrongName === undefined ? undefined : fn.resource.property(wrongName)
    if (misnamed?.isKnown && !fn.resource.properties.isTranslated) {
      report({
        at: misnamed.keyLoc ?? misnamed,
        message:
          `${fn.id} sets ${sam ? 'TracingConfig' : 'Tracing'}, which ${fn.resource.type} does not have: ` +
          `it is called ${sam ? 'Tracing' : 'TracingConfig'} there`,
        help: sam ? 'Write Tracing: Active' : 'Write TracingConfig: {Mode: Active}',
      })
      return
    }
    if (!(fn.tracing.isAbsent || fn.tracing.string() === 'PassThrough' || fn.tracing.string() === 'Disabled')) return
    const edit = sam ? setEntry(fn.resource.properties, 'Tracing', 'Active') : undefined
    report({
      at: fn.tracing.isAbsent ? fn : fn.tracing,
      message: `${fn.id} is not traced: X-Ray sees its calls only when the caller asks for it`,
      help: 'Turn active tracing on, and give the role xray:PutTraceSegments and xray:PutTelemetryRecords',
      severity: 'info',
      fixes: edit ? [{ description: 'Trace the function', kind: 'suggestion', edits: [edit] }] : [],
    })
  },
})
