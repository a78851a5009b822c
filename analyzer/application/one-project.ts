import { dirname } from 'node:path'
import type { Template } from './model.ts'

/**
 * Whether two templates are deployed as one thing: they are the same, or stacks of one app of the CDK. In a monorepo,
 * what one template declares says nothing about the functions of another.
 */
export const isOneProject = (one: Template, other: Template): boolean =>
  one === other ||
  (one.format === 'cdk' && other.format === 'cdk' && dirname(one.source.path) === dirname(other.source.path))
