/**
 * Folders whose functions run on another cloud, as a template in them says: handlers there look like those of Lambda.
 */
import { readText } from './discover.ts'
import type { FoundFile } from './discover.ts'

/** The files that tell which cloud a folder is for. */
const TELLING = /(^|\/)(template|serverless)\.(ya?ml|json)$/
const ALIBABA = /^\s*"?ROSTemplateFormatVersion\b/m
/** `provider: google`, or `provider:` with `name: azure` below. */
const PROVIDER =
  /^provider:[ \t]*(?:['"]?([\w-]+)['"]?[ \t]*$|(?:#.*)?\r?\n(?:[ \t]+.*\r?\n|\r?\n)*?[ \t]+name:[ \t]*['"]?([\w-]+))/m

/** The folders, with a slash at their end; the project's own is empty. */
export function foldersOfOtherClouds(templates: readonly FoundFile[]): readonly string[] {
  return templates
    .filter(({ path, absolute }) => TELLING.test(path) && isOfAnotherCloud(readText(absolute) ?? ''))
    .map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1))
}

/** Whether the text of a template is for another cloud than AWS. */
export function isOfAnotherCloud(text: string): boolean {
  if (ALIBABA.test(text)) return true
  const found = PROVIDER.exec(text)
  const name = found?.[1] ?? found?.[2]
  return name !== undefined && name !== 'aws'
}
