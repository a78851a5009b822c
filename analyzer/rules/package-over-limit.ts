import { defineRule } from '../engine/rule.ts'
import { partsOf } from '../packaging/package-size.ts'

/** More code and layers than Lambda unpacks: the deployment is refused. */
export const rule = defineRule({
  id: 'package-over-limit',
  fn(fn, { app, quota, report }) {
    if (fn.packageType !== 'Zip') return
    const most = quota('package-unzipped')
    const parts = partsOf(fn, app)
    const sum = parts.reduce((total, part) => total + part.bytes, 0)
    if (sum <= most) return
    report({
      at: fn.code.isAbsent ? fn : fn.code,
      message:
        `${fn.id} unpacks to ${megabytes(sum)} MB, more than the ${megabytes(most)} MB that Lambda takes, ` +
        'layers counted',
      help:
        'Leave out what does not run (tests, maps, binaries for other systems), bundle the code, ' +
        'or deploy a container image',
      related: parts.map(part => ({ at: part.at, message: `${part.what}: ${megabytes(part.bytes)} MB` })),
    })
  },
})

const megabytes = (bytes: number): string => String(Math.round((bytes / 1024 / 1024) * 10) / 10)
