/** What other folders use of templates. */
export { fillTemplate, fillValue, standingScope, type FillTools } from './fill.ts'
export { UnknownVariable } from './reference.ts'
