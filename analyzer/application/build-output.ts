/** Folders that a build or a generator fills: what is not there yet may come. */

const OUTPUT = /^(dist|build|out|\.?output|lib-dist|\.build|bundle|bundles)$/

/** Whether a build puts compiled files below a folder of that name. */
export const isOutputFolder = (name: string): boolean => OUTPUT.test(name)

/** Whether a path leads through a folder that something fills before the code is packaged. */
export const isBuildOutput = (directory: string): boolean =>
  directory.split('/').some(part => isOutputFolder(part) || /^(\.aws-sam|(__)?generated(__)?|codegen)$/.test(part))
