import { expect, test } from 'vitest'
import type { Spec } from '../../spec/model.ts'
import { compileRoutes } from './routes.ts'

const paths = {
  ListFunctions: 'GET /2015-03-31/functions/',
  CreateFunction: 'POST /2015-03-31/functions',
  GetFunction: 'GET /2015-03-31/functions/{FunctionName}',
  GetFunctionConfiguration: 'GET /2015-03-31/functions/{FunctionName}/configuration',
  DeleteFunction: 'DELETE /2015-03-31/functions/{FunctionName}',
  ListLayers: 'GET /2018-10-31/layers',
  GetLayerVersionByArn: 'GET /2018-10-31/layers?find=LayerVersion',
  ListTags: 'GET /2017-03-31/tags/{ARN}',
  Unknown: 'GET /unknown',
}
const spec = {
  actions: Object.fromEntries(
    Object.entries(paths).map(([name, http]) => {
      const [method, path] = http.split(' ')
      return [name, { name, method, path }]
    }),
  ),
} as unknown as Spec
const route = compileRoutes(spec, name => name !== 'Unknown')

function find(method: string, target: string): unknown {
  const [path = '', search = ''] = target.split('?')
  const found = route(method, path, new URLSearchParams(search))
  return found === 'malformed' || found === undefined ? found : [found.action.name, ...found.labels.values()]
}

test.each([
  ['GET', '/2015-03-31/functions/', ['ListFunctions']],
  ['GET', '/2015-03-31/functions', ['ListFunctions']],
  ['POST', '/2015-03-31/functions/', ['CreateFunction']],
  ['GET', '/2015-03-31/functions/f', ['GetFunction', 'f']],
  ['GET', '/2015-03-31/functions/f/', ['GetFunction', 'f']],
  [
    'GET',
    '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A111111111111%3Afunction%3Af/configuration',
    ['GetFunctionConfiguration', 'arn:aws:lambda:eu-west-1:111111111111:function:f'],
  ],
  ['GET', '/2015-03-31/functions/a%2Fb', ['GetFunction', 'a/b']],
  ['GET', '/2018-10-31/layers?Marker=x', ['ListLayers']],
  ['GET', '/2018-10-31/layers?find=LayerVersion&Arn=a', ['GetLayerVersionByArn']],
  [
    'GET',
    '/2017-03-31/tags/arn:aws:lambda:eu-west-1:111111111111:function:f',
    ['ListTags', 'arn:aws:lambda:eu-west-1:111111111111:function:f'],
  ],
])('%s %s', (method, target, expected) => {
  expect(find(method, target)).toEqual(expected)
})

test('an empty label reaches its action, which refuses the empty value', () => {
  expect(find('GET', '/2015-03-31/functions//configuration')).toEqual(['GetFunctionConfiguration', ''])
  expect(find('DELETE', '/2015-03-31/functions/')).toEqual(['DeleteFunction', ''])
})

test.each([
  ['GET', '/'],
  ['GET', '/2015-03-31'],
  ['PATCH', '/2015-03-31/functions/f'],
  ['GET', '/2015-03-31/functions/f/nothing'],
  ['GET', '/unknown'],
])('%s %s leads nowhere', (method, target) => {
  expect(find(method, target)).toBeUndefined()
})

test('a path that is not encoded properly is told apart', () => {
  expect(find('GET', '/2015-03-31/functions/%zz')).toBe('malformed')
})
