import { expect } from 'chai';
import { cli } from '../support/cli.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { runInBash } from '../support/shell.ts';

describe('modelgate completion, in a real bash', () => {
  const folder = dataDirectory();

  /** What bash would offer for the last of these words, by the function that it was told to ask. */
  async function offered(...words: readonly string[]): Promise<string[]> {
    const quoted = words.map(word => `'${word}'`).join(' ');
    const { code, stdout, stderr } = await runInBash(
      `source <(modelgate completion bash)
       COMP_WORDS=(modelgate ${quoted}) COMP_CWORD=${words.length}
       $(complete -p modelgate | grep -oE '_modelgate[a-z_]*')
       printf '%s\\n' "\${COMPREPLY[@]}"`,
      // Whoever signs in with another shell may still use bash.
      { folder, env: { SHELL: '/bin/zsh' } },
    );
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return stdout.trim().split('\n');
  }

  it('offers commands, and those below a command', async () => {
    expect(await offered('pro')).to.deep.equal(['projects']);
    expect(await offered('users', '')).to.include.members(['list', 'get', 'create', 'rotate-legacy-key']);
    expect(await offered('models', 'auth', 'o')).to.deep.equal(['on', 'off']);
  }).timeout(90_000);

  it('offers options, and what one may be set to', async () => {
    expect(await offered('keys', 'create', '--ex')).to.deep.equal(['--expiry']);
    expect(await offered('users', 'list', '-o', '')).to.deep.equal(['table', 'json']);
    expect(await offered('projects', 'list', '--visibility', 'p')).to.deep.equal(['private', 'public']);
  }).timeout(90_000);

  it('needs no server and no key, and knows bash and zsh alone', async () => {
    expect((await cli(['completion', 'bash'])).code).to.equal(0);
    expect((await cli(['completion', 'zsh'])).stdout).to.match(/^#compdef modelgate\n/);
    const { code, stderr } = await cli(['completion', 'fish']);
    expect(code).to.equal(2);
    expect(stderr).to.include('Choices: "bash", "zsh"');
  });
});
