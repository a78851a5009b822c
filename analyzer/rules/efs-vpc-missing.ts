import { defineRule } from '../engine/rule.ts'

/** A file system that the function cannot reach, or a mount path that Lambda does not take: the deployment fails. */
export const rule = defineRule({
  id: 'efs-vpc-missing',
  fn(fn, { report }) {
    const systems = fn.fileSystems.items()
    const [first] = systems
    if (first && fn.vpc.isAbsent) {
      report({
        at: first,
        message: `${fn.id} mounts a file system but is not in a VPC: it cannot reach the mount targets`,
        help: 'Give the function a VpcConfig with subnets that have a mount target of the file system',
        related: [{ at: fn, message: `${fn.id} has no VpcConfig` }],
      })
    }
    for (const system of systems) {
      const path = system.at('LocalMountPath')
      const text = path.string()
      if (text === undefined || /^\/mnt\/[a-zA-Z0-9-_.]+$/.test(text)) continue
      report({
        at: path,
        message: `${fn.id} mounts a file system at ${text}: the path must be one folder below /mnt/`,
        help: 'Such as /mnt/data',
      })
    }
  },
})
