import type { AddCommand } from '../api-command.ts';

/** Yargs' own flag: with it, a command line answers with what its last word may become. */
const ask = '--get-yargs-completions';

/** Yargs tells descriptions where it takes the shell for zsh, by these variables. */
const scripts = {
  bash: `# Completion of modelgate for bash, 3.2 or later:  source <(modelgate completion bash)
_modelgate_completion() {
  local IFS=$'\\n'
  COMPREPLY=( $(compgen -W "$(SHELL=bash ZSH_NAME= modelgate ${ask} "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}") )
}
complete -o default -F _modelgate_completion modelgate
`,
  zsh: `#compdef modelgate
# Completion of modelgate for zsh, after compinit:  source <(modelgate completion zsh)
_modelgate() {
  local -a choices
  choices=("\${(@f)$(ZSH_NAME=zsh modelgate ${ask} "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$choices" ]]; then
    _describe 'modelgate' choices
  else
    _files
  fi
}
compdef _modelgate modelgate
`,
} as const;

export const completionCommand: AddCommand = (cli, _at, terminal) =>
  cli.command(
    'completion <shell>',
    'Print a script by which bash or zsh completes commands, options and their choices.',
    options =>
      options
        .positional('shell', { choices: ['bash', 'zsh'] as const, demandOption: true, describe: 'which shell' })
        .example('$0 completion bash > ~/.local/share/bash-completion/completions/modelgate', ''),
    async ({ shell }) => terminal.print(scripts[shell]),
  );
