import type { Input } from '../protocol/inputs.ts'
import { isDeepStrictEqual } from 'node:util'
import { readFunctionReference } from '../protocol/arn.ts'
import { handler } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage } from '../protocol/pagination.ts'
import { findFunction } from '../store/find.ts'
import { refuseOtherRevision, refuseWhileInTransition } from '../store/guards.ts'
import { packageHash } from '../store/package.ts'
import { revisionId, settledRevision } from '../store/revision.ts'
import type { Revision } from '../store/revision.ts'
import type { LambdaFunction, Version } from '../store/world.ts'
import { functionConfiguration, listedConfiguration } from './function-configuration.ts'
import { versionKey } from './version-key.ts'

/** Makes the next numbered version from the unpublished one. */
export function publish(fn: LambdaFunction, now: number, description: string | undefined, revision: Revision): Version {
  const { settings, code } = fn.latest
  const number = String(fn.nextVersion++)
  const version: Version = {
    number,
    code,
    settings: description === undefined ? settings : { ...settings, description },
    lastModified: now,
    revision: { ...revision, ...(({ id, settledId }) => ({ id, settledId }))(settledRevision()) },
  }
  fn.versions.set(number, version)
  fn.published = { number, settings, code }
  return version
}

/** https://docs.aws.amazon.com/lambda/latest/dg/API_PublishVersion.html */
export const publishVersion = handler((call, input: Input<'PublishVersion'>) => {
  const { world, now } = call
  const { qualifier } = readFunctionReference(world, input.FunctionName)
  if (qualifier !== undefined && qualifier !== '$LATEST')
    refuse('InvalidParameterValueException', 'Only $LATEST can be published.')
  const fn = findFunction(world, input.FunctionName)
  refuseWhileInTransition(world, fn, now)
  refuseOtherRevision(input.RevisionId, revisionId(fn.latest.revision, now))
  const hash = packageHash(fn.latest.code)
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== '' && input.CodeSha256 !== hash)
    refuse(
      'InvalidParameterValueException',
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${hash}). ` +
        'Please try again with the CodeSHA256 in $LATEST.',
    )
  // Nothing has changed since the last publication: that version is the answer, as it was described then. Code that was
  // uploaded
  // again counts as changed, whatever its hash.
  const { published, latest } = fn
  const last =
    published && published.code === latest.code && isDeepStrictEqual(published.settings, latest.settings)
      ? fn.versions.get(published.number)
      : undefined
  const version = last ?? publish(fn, now, input.Description, settledRevision())
  return { body: functionConfiguration(world, fn, version, now, version.number) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListVersionsByFunction.html */
export const listVersionsByFunction = handler((call, input: Input<'ListVersionsByFunction'>) => {
  const { world, now } = call
  const fn = findFunction(world, input.FunctionName)
  return answerPage(world.pages['ListVersionsByFunction'], input, {
    list: `versions of ${fn.incarnation}`,
    all: [fn.latest, ...fn.versions.values()],
    keyOf: versionKey,
    show: version => listedConfiguration(world, fn, version, now, version.number),
  })
})
