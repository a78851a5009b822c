/** What other folders use of templates. */
export { fillTemplate, fillValue, isTagged, standingScope, type FillTools } from './fill.ts'
export { resolveText, UnknownVariable } from './reference.ts'
