import { expect, it } from 'vitest'
import { applicationOf } from '../fixtures/project.ts'
import { hasForeignFunctions, isPlaceholderValue, isUnrendered } from './unrendered.ts'

it.each([
  'Name: {{ name }}',
  '{{#each queues}}',
  '{% if a %}',
  '<%= name %>',
  '<%RuleName%>',
  '{{> vpc }}',
  "{%+ include 'a.yaml' +%}",
  '{{ tags | default({}) }}',
  '{# not yet #}',
])('knows %s for a mark of an engine', text => {
  expect(isUnrendered(text)).toBe(true)
})

it.each(["'{{resolve:ssm:/a:1}}'", 'Value: {a: {b: 1}}', '`${a}`', 'a < b % c', '!Sub "${A}"'])(
  'leaves %s alone',
  text => {
    expect(isUnrendered(text)).toBe(false)
  },
)

it.each(['A:\n  Name: {{name}}', '- {{ name }}', 'BucketName: TO_BE_REPLACED'])(
  'knows %s, which YAML takes, for a placeholder',
  text => {
    expect(isPlaceholderValue(text)).toBe(true)
  },
)

it.each(["Name: '{{resolve:ssm:/a:1}}'", 'Name: "{{name}}"', 'A: {a: {b: 1}}', 'Text: |\n  says {{name}} to you'])(
  'reads %s as it is',
  text => {
    expect(isPlaceholderValue(text)).toBe(false)
  },
)

it('knows the functions of other preprocessors from those of CloudFormation', () => {
  expect(hasForeignFunctions('Policies: [{"Fn::ImportYaml": "policy.yaml"}]')).toBe(true)
  expect(hasForeignFunctions('Value: {"Fn::ImportValue": "vpc"}, Other: {"Fn::FindInMap": [a, b, c]}')).toBe(false)
})

it('leaves Terraform that an engine completes first unread, and tells faults of what is whole', () => {
  const queue = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
  const app = (more: string) => applicationOf({ 'infra/main.tf': queue + more, 'infra/other.tf': queue })
  const unrendered = app('locals {\n  pipelines = {{ pipelines }}\n}\n')
  expect(unrendered.problems).toEqual([])
  expect(unrendered.lost.join()).toContain('infra/main.tf was not read')
  expect(app('locals {\n  pipelines = }}\n}\n').problems).toHaveLength(1)
  expect(app('locals {\n  text = "{{ name }}"\n}\n').lost).toEqual([])
})
