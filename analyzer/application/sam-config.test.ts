import { describe, expect, it } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'
import type { Value } from './value.ts'

const template = `Transform: AWS::Serverless-2016-10-31
Parameters:
  Size: {Type: Number, Default: 128}
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
  Stage: {Type: String}
  Key: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /key}
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: !Ref Size
      FunctionName: !Sub orders-\${Stage}
      Environment: {Variables: {ZONES: !Select [1, !Ref Zones], KEY: !Ref Key}}
`

const functionWith = (config: string, name = 'samconfig.toml', at = 'template.yaml') => {
  const app = applicationOf({ [`app/${at}`]: template, [`app/${name}`]: config })
  const [fn] = app.functions
  if (!fn) throw new Error('no function')
  return fn
}
const numbers = (value: Value): readonly (number | undefined)[] => value.possible().map(one => one.number())

describe('samconfig', () => {
  it('gives parameters what a deployment gives them', () => {
    const fn = functionWith(
      'version = 0.1\n[default.deploy.parameters]\nstack_name = "orders"\nparameter_overrides = "Size=\\"256\\" Stage=prod Zones=x,y Key=other"\n',
    )
    expect(fn.memory.number()).toBe(256)
    expect(fn.name.string()).toBe('orders-prod')
    expect(fn.environment.at('ZONES').string()).toBe('y')
    // The parameter store says what it is.
    expect(fn.environment.at('KEY').isUnknown).toBe(true)
    expect(fn.memory.via.map(via => [via.kind, via.name, via.loc?.source.path])).toContainEqual([
      'parameter',
      'Size',
      'app/samconfig.toml',
    ])
  })

  it.each([
    ['parameter_overrides = ["Size=256", "Stage=a"]'],
    ['parameter_overrides = "ParameterKey=Size,ParameterValue=256 ParameterKey=Stage,ParameterValue=a"'],
    [`parameter_overrides = "Stage='a' Size=256"`],
    ['parameter_overrides = {Size = 256, Stage = "a"}'],
    ['template_file = ".aws-sam/build/template.yaml"\nparameter_overrides = "Size=256 Stage=a"'],
  ])('understands %s', written => {
    const fn = functionWith(`[default.deploy.parameters]\n${written}\n`)
    expect([fn.memory.number(), fn.name.string()]).toEqual([256, 'orders-a'])
    const global = functionWith(`[default.global.parameters]\n${written}\n`)
    expect([global.memory.number(), global.name.string()]).toEqual([256, 'orders-a'])
  })

  it('leaves open what environments do not agree about', () => {
    const fn = functionWith(
      '[default.deploy.parameters]\nparameter_overrides = "Stage=a"\n[prod.deploy.parameters]\nparameter_overrides = "Size=20000 Stage=a"\n',
    )
    expect(fn.memory.number()).toBeUndefined()
    expect(numbers(fn.memory)).toEqual([128, 20000])
    expect(fn.name.string()).toBe('orders-a')
  })

  it('may be YAML, be of another template, or be broken', () => {
    const yaml = 'default: {deploy: {parameters: {parameter_overrides: Size=256}}}'
    expect(functionWith(yaml, 'samconfig.yaml').memory.number()).toBe(256)
    const other = '[default.deploy.parameters]\ntemplate_file = "other.yaml"\nparameter_overrides = "Size=256"\n'
    expect(functionWith(other).memory.number()).toBe(128)
    expect(functionWith(other, 'samconfig.toml', 'other.yaml').memory.number()).toBe(256)
    expect(functionWith('[default.deploy.parameters\nparameter_overrides = "Size=256"').memory.number()).toBe(128)
    expect(functionWith('').memory.number()).toBe(128)
  })
})
