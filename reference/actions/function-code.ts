import type { Input } from '../protocol/inputs.ts'
import { refuse } from '../protocol/errors.ts'
import { imagePackage, packageSize, zipPackage } from '../store/package.ts'
import type { Package, ZipPackage } from '../store/package.ts'
import { NotAZip } from '../store/zip.ts'
import type { World } from '../store/world.ts'

/** Reads the code that a request gives; exactly one source must be named, and it must suit the package type. */
export function readFunctionCode(
  world: World,
  packageType: 'Zip' | 'Image',
  input: Input<'CreateFunction'>['Code'],
): Package {
  const zip = input.ZipFile !== undefined || input.S3Bucket !== undefined || input.S3Key !== undefined
  if (packageType === 'Image') {
    if (input.ImageUri === undefined || zip)
      refuse(
        'InvalidParameterValueException',
        'Please provide ImageUri when updating a function with packageType Image.',
      )
    return imagePackage(input.ImageUri)
  }
  if (input.ImageUri !== undefined)
    refuse(
      'InvalidParameterValueException',
      "Please don't provide ImageUri when updating a function with packageType Zip.",
    )
  return readZip(world, input, 'function code')
}

/** Reads a zip that a request gives, in itself or as an S3 object. `what` names it in refusals. */
export function readZip(world: World, input: Input<'CreateFunction'>['Code'], what: string): ZipPackage {
  if (input.ZipFile !== undefined) {
    if (input.S3Bucket !== undefined || input.S3Key !== undefined || input.S3ObjectVersion !== undefined)
      refuse(
        'InvalidParameterValueException',
        'Please do not provide other FunctionCode parameters when providing a ZipFile.',
      )
    return checkZip(world, input.ZipFile)
  }
  if (input.S3Bucket === undefined || input.S3Key === undefined)
    refuse('InvalidParameterValueException', `Please provide a source for ${what}.`)
  // The endpoint has no object store, so no bucket exists.
  return refuse(
    'InvalidParameterValueException',
    'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: ' +
      'The specified bucket does not exist',
  )
}

function checkZip(world: World, zip: Buffer): ZipPackage {
  if (zip.length === 0) refuse('InvalidParameterValueException', 'Uploaded file must be a non-empty zip')
  if (zip.length > world.limits.packageZipped)
    refuse('RequestEntityTooLargeException', `Zipped size must be smaller than ${world.limits.packageZipped} bytes`)
  const content = unzippable(zip)
  if (content.unzippedSize > world.limits.packageUnzipped)
    refuse('InvalidParameterValueException', `Unzipped size must be smaller than ${world.limits.packageUnzipped} bytes`)
  return content
}

function unzippable(zip: Buffer): ZipPackage {
  try {
    return zipPackage(zip)
  } catch (error) {
    if (!(error instanceof NotAZip)) throw error
    return refuse(
      'InvalidParameterValueException',
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    )
  }
}

/** Refuses code that would take the Region beyond its storage. */
export function refuseBeyondStorage(world: World, code: Package): void {
  if (usedStorage(world) + packageSize(code) > world.limits.codeStorage)
    refuse('CodeStorageExceededException', 'Code storage limit exceeded.')
}

/** Bytes of all packages of functions, each version counted, and of layer versions. */
export function usedStorage(world: World): number {
  let total = 0
  for (const fn of world.functions.values()) {
    total += packageSize(fn.latest.code)
    for (const version of fn.versions.values()) total += packageSize(version.code)
  }
  for (const layer of world.layers.values()) {
    for (const version of layer.versions.values()) total += version.content.zip.length
  }
  return total
}
