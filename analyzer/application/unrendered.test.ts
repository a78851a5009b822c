import { expect, it } from 'vitest'
import { isUnrendered } from './unrendered.ts'

it.each(['Name: {{ name }}', '{{#each queues}}', '{% if a %}', '<%= name %>', '<%RuleName%>', '{{> vpc }}'])(
  'knows %s for a mark of an engine',
  text => {
    expect(isUnrendered(text)).toBe(true)
  },
)

it.each(["'{{resolve:ssm:/a:1}}'", 'Value: {a: {b: 1}}', '`${a}`', 'a < b % c', '!Sub "${A}"'])(
  'leaves %s alone',
  text => {
    expect(isUnrendered(text)).toBe(false)
  },
)
