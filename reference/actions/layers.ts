import type { Input } from '../protocol/inputs.ts'
import { layerArn, readLayerName, readLayerVersionArn } from '../protocol/arn.ts'
import type { Place } from '../protocol/arn.ts'
import { handler } from './call.ts'
import type { Call } from './call.ts'
import { refuse } from '../protocol/errors.ts'
import { answerPage, descending } from '../protocol/pagination.ts'
import { isoTime } from '../store/time.ts'
import type { Layer, LayerVersion, World } from '../store/world.ts'
import { readZip, refuseBeyondStorage } from './function-code.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/API_PublishLayerVersion.html */
export const publishLayerVersion = handler((call, input: Input<'PublishLayerVersion'>) => {
  const { world } = call
  const name =
    readLayerName(world, input.LayerName) ??
    refuse(
      'InvalidParameterValueException',
      `Layers of another account or Region cannot be published here: ${input.LayerName}`,
    )
  const content = readZip(world, input.Content, 'layer content')
  refuseBeyondStorage(world, content)
  const layer: Layer = world.layers.get(name) ?? { name, nextVersion: 1, versions: new Map() }
  world.layers.set(name, layer)
  const version: LayerVersion = {
    number: layer.nextVersion++,
    description: input.Description ?? '',
    content,
    runtimes: input.CompatibleRuntimes,
    architectures: input.CompatibleArchitectures,
    license: input.LicenseInfo,
    created: call.now,
  }
  layer.versions.set(version.number, version)
  return { body: wholeVersion(call, layer, version) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetLayerVersion.html */
export const getLayerVersion = handler((call, input: Input<'GetLayerVersion'>) => {
  const { layer, version } = findLayerVersion(call.world, input)
  return { body: wholeVersion(call, layer, version) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_GetLayerVersionByArn.html */
export const getLayerVersionByArn = handler((call, input: Input<'GetLayerVersionByArn'>) => {
  const { version: number } = readLayerVersionArn(input.Arn)
  const { layer, version } = findLayerVersion(call.world, { LayerName: input.Arn, VersionNumber: number })
  return { body: wholeVersion(call, layer, version) }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_DeleteLayerVersion.html; a missing layer or version is no error. */
export const deleteLayerVersion = handler((call, input: Input<'DeleteLayerVersion'>) => {
  refuseBelowOne(input.VersionNumber)
  const name = readLayerName(call.world, input.LayerName)
  if (name !== undefined) call.world.layers.get(name)?.versions.delete(input.VersionNumber)
  return { status: 204 }
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListLayerVersions.html; a missing layer has no versions. */
export const listLayerVersions = handler((call, input: Input<'ListLayerVersions'>) => {
  const { world } = call
  const name = readLayerName(world, input.LayerName)
  const layer = name === undefined ? undefined : world.layers.get(name)
  return answerPage(world.pages['ListLayerVersions'], input, {
    list: `versions of layer ${name}`,
    all: layer ? matching(layer, input).map(version => ({ layer, version })) : [],
    keyOf: ({ version }) => descending(version.number),
    show: one => listedVersion(world, one.layer, one.version),
  })
})

/** https://docs.aws.amazon.com/lambda/latest/dg/API_ListLayers.html */
export const listLayers = handler((call, input: Input<'ListLayers'>) => {
  const { world } = call
  const listed = [...world.layers.values()].flatMap(layer => {
    const latest = matching(layer, input).at(-1)
    return latest ? [{ layer, latest }] : []
  })
  return answerPage(world.pages['ListLayers'], input, {
    list: 'layers',
    all: listed,
    keyOf: ({ layer }) => layer.name,
    show: ({ layer, latest }) => ({
      LayerName: layer.name,
      LayerArn: layerArn(world, layer.name),
      LatestMatchingVersion: listedVersion(world, layer, latest),
    }),
  })
})

/** The layer version that a request names. Refuses an unknown one, in the words of `missing`. */
export function findLayerVersion(
  world: World,
  input: Input<'GetLayerVersion'>,
  missing: (name: string) => string = () => 'The resource you requested does not exist.',
): { layer: Layer; version: LayerVersion } {
  refuseBelowOne(input.VersionNumber)
  const name = readLayerName(world, input.LayerName)
  const layer = name === undefined ? undefined : world.layers.get(name)
  const version = layer?.versions.get(input.VersionNumber)
  if (!layer || !version) return refuse('ResourceNotFoundException', missing(name ?? input.LayerName))
  return { layer, version }
}

function refuseBelowOne(version: number): void {
  if (version < 1) refuse('InvalidParameterValueException', 'Layer Version Cannot be less than 1')
}

/** Versions that declare what is asked for, oldest first. */
function matching(layer: Layer, filter: Input<'ListLayers'>): LayerVersion[] {
  return [...layer.versions.values()].filter(
    version =>
      (filter.CompatibleRuntime === undefined || version.runtimes?.includes(filter.CompatibleRuntime)) &&
      (filter.CompatibleArchitecture === undefined || version.architectures?.includes(filter.CompatibleArchitecture)),
  )
}

function listedVersion(place: Place, layer: Layer, version: LayerVersion): object {
  return {
    LayerVersionArn: layerArn(place, layer.name, version.number),
    Version: version.number,
    Description: version.description,
    CreatedDate: isoTime(version.created),
    ...(version.runtimes && { CompatibleRuntimes: version.runtimes }),
    ...(version.architectures && { CompatibleArchitectures: version.architectures }),
    ...(version.license !== undefined && { LicenseInfo: version.license }),
  }
}

function wholeVersion(call: Call, layer: Layer, version: LayerVersion): object {
  return {
    ...listedVersion(call.world, layer, version),
    LayerArn: layerArn(call.world, layer.name),
    Content: {
      Location: call.downloads.link(call.baseUrl, version.content, call.now),
      CodeSha256: version.content.sha256,
      CodeSize: version.content.zip.length,
    },
  }
}
