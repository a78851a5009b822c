/** Scripts that complete a command line, made of the commands and their options. */

export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly options: readonly { readonly flag: string; readonly text: string; readonly choices: readonly string[] }[]
  readonly commands: readonly CommandWords[]
}

/** The script of a shell. It names no file and runs nothing: words alone. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: CommandWords): string {
  if (shell === 'fish') return fish(program)
  // zsh takes bash's own way of completing, once it is told.
  return shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash(program)}` : bash(program)
}

/** Every path of commands with the words that may follow it. */
function paths(command: CommandWords, before = ''): readonly (readonly [path: string, words: readonly string[]])[] {
  return [
    [before, [...command.commands.map(one => one.name), ...command.options.map(one => one.flag)]],
    ...command.commands.flatMap(one => paths(one, before === '' ? one.name : `${before} ${one.name}`)),
  ]
}

/**
 * Values that an option takes, where they are few and known; the same option has the same ones everywhere or is left
 * out.
 */
function choices(command: CommandWords): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const walk = (one: CommandWords): void => {
    for (const option of one.options) if (option.choices.length) found.set(`${one.name} ${option.flag}`, option.choices)
    for (const child of one.commands) walk(child)
  }
  walk(command)
  return found
}

function bash(program: CommandWords): string {
  const rows = paths(program).map(
    ([path, words]) => `    ${JSON.stringify(path)}) words=${JSON.stringify(words.join(' '))} ;;`,
  )
  const values = [...choices(program)].map(
    ([key, list]) => `    ${JSON.stringify(key)}) words=${JSON.stringify(list.join(' '))} ;;`,
  )
  return `_lambdacheck() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" last="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) ;;
      *) case " ${paths(program)
        .map(([path]) => path.replaceAll(' ', '/'))
        .filter(Boolean)
        .join(' ')} " in
           *" \${path:+$path/}$word "*) path="\${path:+$path/}$word"; last="$word" ;;
         esac ;;
    esac
  done
  path="\${path//\\// }"
  case "$path" in
${rows.join('\n')}
  esac
  case "$last \${COMP_WORDS[COMP_CWORD-1]}" in
${values.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _lambdacheck lambdacheck
`
}

const quoted = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`

function fish(program: CommandWords): string {
  const lines = program.commands.flatMap(one => [
    `complete -c lambdacheck -n __fish_use_subcommand -f -a ${one.name} -d ${quoted(one.summary)}`,
    ...one.options.map(
      option =>
        `complete -c lambdacheck -n '__fish_seen_subcommand_from ${one.name}' -l ${option.flag.slice(2)} -d ` +
        `${quoted(option.text)}${option.choices.length ? ` -x -a ${quoted(option.choices.join(' '))}` : ''}`,
    ),
    ...one.commands.map(
      child =>
        `complete -c lambdacheck -n '__fish_seen_subcommand_from ${one.name}' -f -a ${child.name} -d ` +
        `${quoted(child.summary)}`,
    ),
  ])
  return `${lines.join('\n')}\n`
}
