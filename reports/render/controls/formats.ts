/** The formats of a control report; apart, so that a command can name them without loading what writes them. */
export const CONTROL_FORMATS = ['terminal', 'html', 'csv', 'json', 'oscal', 'in-toto', 'sarif'] as const
/** A form in which an assessment of controls can be written. */
export type ControlFormat = (typeof CONTROL_FORMATS)[number]
