import { expect, test } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'

const functionsOf = (functions: { readonly [id: string]: { readonly [property: string]: string } }) => {
  const resources = Object.entries(functions).map(([id, properties]) => [
    id,
    { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs12.x', Handler: 'a.b', ...properties } },
  ])
  return applicationOf({
    'cdk.out/manifest.json': '{"version": "5.0.0"}',
    'cdk.out/App.template.json': JSON.stringify({ Resources: Object.fromEntries(resources) }),
  }).functions.map(fn => fn.id)
}

test('functions of the providers of the CDK are told by their descriptions, where there are no paths', () => {
  expect(
    functionsOf({
      ProviderframeworkonEvent83C1D0A7: {
        Description: 'AWS CDK resource provider framework - onEvent (Stack/Provider)',
      },
      OnEventHandler42BEBAE0: { Description: 'onEvent handler for EKS cluster resource provider' },
      Handler886CB40B: { Description: 'onEvent handler for EKS kubectl resource provider' },
      Own: { Description: 'handles orders' },
      OwnOnEvent: { Description: 'onEvent handler for our own resource provider' },
    }),
  ).toEqual(['Own', 'OwnOnEvent'])
})
