import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inOwnFolder } from '../../test/support/own-folder.ts'
import { main } from '../main.ts'

const here = inOwnFolder('lambdacheck-init-')

describe('lambdacheck init', () => {
  it('writes what was asked for, says so, and what comes next', async () => {
    expect(await main(['init', '--emulator', 'moto', '--project'])).toBe(0)
    expect(readFileSync('lambdacheck.config.yaml', 'utf8')).toMatch(/moto_server/)
    expect(readFileSync('.gitignore', 'utf8')).toBe('.lambdacheck/\nlambdacheck-report/\n')
    expect(existsSync('.github/workflows/lambdacheck.yml')).toBe(true)
    expect(here.out).toMatch(/written {2}lambdacheck\.config\.yaml[^]*npx lambdacheck certify[^]*npx lambdacheck lint/)
  })

  it('leaves alone what is there, unless --force', async () => {
    writeFileSync('lambdacheck.config.yaml', 'lint: {preset: strict}\n')
    writeFileSync('.gitignore', 'node_modules\n.lambdacheck/')
    expect(await main(['init', '--project', '--ci', 'none'])).toBe(0)
    expect(readFileSync('lambdacheck.config.yaml', 'utf8')).toBe('lint: {preset: strict}\n')
    expect(readFileSync('.gitignore', 'utf8')).toBe('node_modules\n.lambdacheck/\nlambdacheck-report/\n')
    expect(here.out).toMatch(/kept {5}lambdacheck\.config\.yaml/)
    await main(['init', '--project', '--ci', 'none', '--force'])
    expect(readFileSync('lambdacheck.config.yaml', 'utf8')).toMatch(/preset: recommended/)
  })

  it('ends with 2 where nothing says what to set up, and for what it does not know', async () => {
    expect(await main(['init'])).toBe(2)
    expect(here.err).toMatch(/--emulator NAME/)
    expect(await main(['init', '--emulator', 'mot'])).toBe(2)
    expect(here.err).toMatch(/moto/)
    expect(existsSync('lambdacheck.config.yaml')).toBe(false)
  })
})

describe('lambdacheck completion', () => {
  it('completes commands, options and their values in bash', async () => {
    expect(await main(['completion', 'bash'])).toBe(0)
    const script = here.out
    const { execFileSync } = await import('node:child_process')
    const complete = (...words: readonly string[]): readonly string[] =>
      execFileSync('bash', [
        '-c',
        `${script}\nCOMP_WORDS=(${words.map(one => `'${one}'`).join(' ')})\nCOMP_CWORD=${words.length - 1}\n_lambdacheck\nprintf '%s\\n' "\${COMPREPLY[@]}"`,
      ])
        .toString()
        .trim()
        .split('\n')
    expect(complete('lambdacheck', 'cert')).toEqual(['certify'])
    expect(complete('lambdacheck', 'lint', '--pre')).toEqual(['--preset'])
    expect(complete('lambdacheck', 'lint', '--preset', 's')).toEqual(['strict', 'security'])
    expect(complete('lambdacheck', 'report', 'con')).toEqual(['controls'])
    expect(complete('lambdacheck', 'report', 'controls', '--frame')).toEqual(['--framework'])
  })

  it('has scripts for zsh and fish, and for no other', async () => {
    await main(['completion', 'zsh'])
    expect(here.out).toMatch(/^autoload -U \+X bashcompinit/)
    here.out = ''
    await main(['completion', 'fish'])
    expect(here.out).toMatch(/^complete -c lambdacheck -n __fish_use_subcommand -f -a certify -d '/)
    expect(await main(['completion', 'tcsh'])).toBe(2)
  })
})
