/**
 * Whether a text bears the marks of an engine that completes it first: Jinja, Mustache, Handlebars, ERB, EJS. A dynamic
 * reference of CloudFormation (`{{resolve:…}}`) is none.
 */
export const isUnrendered = (text: string): boolean =>
  /\{\{(?!\s*resolve:)[^\n]{0,500}?\}\}|\{%[-+~]?\s*\w|\{#[-+~]?\s[^\n]*#\}|<%[-=#]?\s*\w/.test(text)

/**
 * `BucketName: {{bucketName}}` is a map in a map for YAML, and nothing that anybody means: an engine completes it
 * first.
 */
export const isPlaceholderValue = (text: string): boolean =>
  /^[ \t]*(?:-[ \t]+|[\w"'.:-]{1,200}:[ \t]+)\{\{(?![ \t]*resolve:)[^{}\n]*\}\}[ \t]*$/m.test(text) ||
  /:[ \t]+["']?(?:TO_BE_REPLACED|REPLACE_ME)["']?[ \t]*$/m.test(text)

/** Functions that preprocessors such as cfn-include know beside those of CloudFormation. */
export const hasForeignFunctions = (text: string): boolean =>
  /\bFn::(?:Import(?!Value\b)\w+|Include\w*|Merge\w*|Map|Flatten|Stringify|File\w*|Outputs|Sequence|Shuffle|Uniq)\b/.test(
    text,
  )
