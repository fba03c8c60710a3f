import { expect } from 'chai';
import { dataDirectory } from '../support/data-directory.ts';
import { withCommand } from '../support/shell.ts';
import { findTool, type Tool } from './find-tool.ts';

/** Types into an interactive shell on a terminal of its own, which echoes, and waits for what comes of it. */
const typed = (start: string, prepare: string) => `
zmodload zsh/zpty
zpty -e shell ${start}
zpty -w shell '${prepare}; echo RE""ADY'
zpty -r shell out '*READY*'
zpty -w -n shell $'modelgate users rot\\t'
zpty -r shell out '*rotate-legacy-key*' && print completed
zpty -w -n shell $'\\x15modelgate projects list --vis\\t'
zpty -r shell out '*--visibility*' && print completed
zpty -d shell
`;

describe('modelgate completion, at the Tab key', () => {
  let timeout: Tool;
  before(() => {
    findTool('zsh', 'apt-get install zsh');
    timeout = findTool('timeout', 'apt-get install coreutils');
  });

  for (const [shell, start, prepare] of [
    ['zsh', 'zsh -f -i', 'autoload -U compinit; compinit -D; source <(modelgate completion zsh)'],
    ['bash', 'bash --norc -i', 'source <(modelgate completion bash)'],
  ] as const) {
    it(`completes commands and options in ${shell}`, async () => {
      const env = withCommand(dataDirectory());
      const { code, output } = await timeout(['30', 'zsh', '-f', '-c', typed(start, prepare)], { env });
      expect({ code, output }).to.deep.equal({ code: 0, output: 'completed\ncompleted\n' });
    });
  }
});
