import { expect, it } from 'vitest'
import { platformOf } from './native-modules.ts'

const bytes = (head: readonly number[], machine: readonly number[] = []): Buffer => {
  const all = Buffer.alloc(20)
  Buffer.from(head).copy(all)
  Buffer.from(machine).copy(all, 18)
  return all
}

const ELF = [0x7f, 0x45, 0x4c, 0x46, 2, 1]

it('tells the system of a binary by its first bytes', () => {
  expect(platformOf(bytes(ELF, [0x3e, 0]))).toEqual({ os: 'linux', cpu: 'x64' })
  expect(platformOf(bytes(ELF, [0xb7, 0]))).toEqual({ os: 'linux', cpu: 'arm64' })
  expect(platformOf(bytes([0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1]))).toEqual({ os: 'darwin', cpu: 'arm64' })
  expect(platformOf(bytes([0xcf, 0xfa, 0xed, 0xfe, 0x07, 0, 0, 1]))).toEqual({ os: 'darwin', cpu: 'x64' })
  expect(platformOf(bytes([0xca, 0xfe, 0xba, 0xbe]))).toEqual({ os: 'darwin', cpu: undefined })
  expect(platformOf(bytes([0x4d, 0x5a, 0x90]))).toEqual({ os: 'win32', cpu: undefined })
})

it('says nothing of what it does not know', () => {
  expect(platformOf(bytes(ELF, [0xf3, 0]))).toBeUndefined()
  expect(platformOf(Buffer.from('module.exports = 1 //'))).toBeUndefined()
  expect(platformOf(Buffer.from(ELF))).toBeUndefined()
})
