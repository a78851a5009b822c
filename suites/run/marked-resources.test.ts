import { expect, test } from 'vitest'
import { present } from '../../base/present.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { exampleAt, keyOfItem, markedResources, marksOf, type MarkedResource } from './marked-resources.ts'

const spec = loadSpec()
const marked = markedResources(spec)
const of = (name: string): MarkedResource =>
  present(
    marked.find(({ resource }) => resource.name === name),
    name,
  )

test('what holds on to something goes before it', () => {
  const names = marked.map(({ resource }) => resource.name)
  expect(names.toSorted()).toEqual(['code-signing-config', 'event-source-mapping', 'function', 'layer-version'])
  expect(names.indexOf('event-source-mapping')).toBeLessThan(names.indexOf('function'))
  expect(names.indexOf('function')).toBeLessThan(names.indexOf('code-signing-config'))
})

test('a list that asks for a name gets it from the list that has it', () => {
  expect(of('layer-version').within).toMatchObject({ list: { name: 'ListLayers' }, member: 'LayerName' })
  expect(of('function').within).toBeUndefined()
})

test('the key of an item comes from the item, under its own name or the one of the answer, and from what was asked', () => {
  expect(keyOfItem(of('layer-version').resource, { Version: 3 }, { LayerName: 'one' })).toEqual({
    LayerName: 'one',
    VersionNumber: 3,
  })
  expect(
    keyOfItem(of('code-signing-config').resource, { CodeSigningConfigArn: 'arn:csc', Description: 'x' }, {}),
  ).toEqual({ CodeSigningConfigArn: 'arn:csc' })
})

test('marks are texts, one by one, with their paths', () => {
  const item = { Description: 'mine', AllowedPublishers: { SigningProfileVersionArns: ['arn:a', 'arn:b'] } }
  expect(marksOf(of('code-signing-config'), item).map(({ text }) => text)).toEqual(['mine', 'arn:a', 'arn:b'])
  expect(exampleAt(spec, of('code-signing-config'), ['AllowedPublishers', 'SigningProfileVersionArns'])).toEqual([
    expect.stringMatching(/^arn:aws:signer:/),
  ])
  expect(exampleAt(spec, of('function'), ['FunctionName'])).toBeUndefined()
})
