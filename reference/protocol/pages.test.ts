import { expect, test } from 'vitest'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { readPages } from './pages.ts'

test('every list has a largest page, of the quotas or of what may be asked for', () => {
  const pages = readPages(loadSpec())
  expect(Object.fromEntries(Object.entries(pages).map(([action, { most }]) => [action, most]))).toEqual({
    ListAliases: 50,
    ListCodeSigningConfigs: 10_000,
    ListEventSourceMappings: 100,
    ListFunctionEventInvokeConfigs: 50,
    ListFunctionUrlConfigs: 50,
    ListFunctions: 50,
    ListFunctionsByCodeSigningConfig: 10_000,
    ListLayerVersions: 50,
    ListLayers: 50,
    ListProvisionedConcurrencyConfigs: 50,
    ListVersionsByFunction: 50,
  })
  expect(pages['ListAliases']).toMatchObject({ items: 'Aliases', next: 'NextMarker' })
})
