import { describe, expect, it } from 'vitest'
import { readFormat, targetsOf } from './format-targets.ts'

const read = readFormat(['html', 'sarif', 'pretty'])

describe('--format', () => {
  it('is a format, or a format and a file, and may be given several times', () => {
    expect(read('sarif:out/lint.sarif', read('html', undefined))).toEqual([
      { format: 'html' },
      { format: 'sarif', file: 'out/lint.sarif' },
    ])
    expect(read('html:C:\\x.html', undefined)).toEqual([{ format: 'html', file: 'C:\\x.html' }])
  })

  it('refuses what is no format, and says what may have been meant', () => {
    expect(() => read('sarf', undefined)).toThrow(/sarif/)
    expect(() => read('html:', undefined)).toThrow(/file/)
  })

  it('prints one, and --out is the file of that one', () => {
    expect(targetsOf(undefined, 'pretty', undefined)).toEqual([{ format: 'pretty' }])
    expect(targetsOf(undefined, 'pretty', 'x')).toEqual([{ format: 'pretty', file: 'x' }])
    expect(targetsOf([{ format: 'html', file: 'a' }, { format: 'sarif' }], 'pretty', 'b')).toEqual([
      { format: 'html', file: 'a' },
      { format: 'sarif', file: 'b' },
    ])
    expect(() => targetsOf([{ format: 'html' }, { format: 'sarif' }], 'pretty', undefined)).toThrow(/sarif:FILE/)
    expect(() => targetsOf([{ format: 'html', file: 'a' }], 'pretty', 'b')).toThrow(/--out/)
  })
})
