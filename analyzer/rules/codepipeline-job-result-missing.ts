import { ts } from '../application/typescript.ts'
import { defineRule } from '../engine/rule.ts'
import { find } from '../application/walk.ts'

/** A step of a pipeline that does not say that it failed: the pipeline waits until it gives up. */
export const rule = defineRule({
  id: 'codepipeline-job-result-missing',
  file(file, code) {
    if (!file.source.text.includes('CodePipeline.job')) return
    const says = (what: RegExp): boolean =>
      code.handlers.some(handler => handler.files.some(one => what.test(one.source.text)))
    if (says(/putJobFailure/i) || code.handlers.some(handler => handler.files.some(one => one.generated))) return
    const job = firstJob(file.ast)
    if (!job || !code.inHandler(job)) return
    const succeeds = says(/putJobSuccess/i)
    code.report({
      at: job,
      message: succeeds
        ? 'The code tells the pipeline of success alone: when it fails, the pipeline waits for a result until ' +
          'it gives up'
        : 'The code never tells the pipeline a result: the step waits until it gives up',
      help:
        `Call ${succeeds ? '' : 'PutJobSuccessResult at the end, and '}PutJobFailureResult with a message in a ` +
        'catch around everything',
    })
  },
})

/** `event['CodePipeline.job']`, also in a pattern. */
const firstJob = (ast: ts.SourceFile): ts.Node | undefined =>
  find(
    ast,
    node =>
      ts.isStringLiteralLike(node) &&
      node.text === 'CodePipeline.job' &&
      (ts.isElementAccessExpression(node.parent) || ts.isBindingElement(node.parent)),
  )?.parent
