import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { cli } from '../../support/cli.ts';

const commands = [
  'accept-clock',
  'accept-loss',
  'applications create',
  'applications delete',
  'applications get',
  'applications list',
  'applications update',
  'apply',
  'audit list',
  'backup',
  'bootstrap-key',
  'collaborators delete',
  'collaborators list',
  'collaborators put',
  'completion',
  'denials',
  'envoy check',
  'explain',
  'export',
  'fleet',
  'init',
  'keys create',
  'keys delete',
  'keys list',
  'keys revoke',
  'keys rotate',
  'keys validate',
  'models auth off',
  'models auth on',
  'models create',
  'models delete',
  'models get',
  'models list',
  'models regenerate-key',
  'models shadow',
  'models test',
  'models update',
  'projects create',
  'projects delete',
  'projects get',
  'projects list',
  'projects update',
  'restore',
  'serve',
  'settings get',
  'settings set',
  'status',
  'teams create',
  'teams delete',
  'teams get',
  'teams list',
  'teams members delete',
  'teams members put',
  'users create',
  'users delete',
  'users get',
  'users link-identity',
  'users list',
  'users rotate-legacy-key',
  'users sign-in-link',
  'users unlink-identity',
  'users update',
  'wait',
];

/** Commands that a help lists, each as `users get`. */
async function commandsBelow(path: readonly string[]): Promise<string[]> {
  const { stdout } = await cli([...path, '--help']);
  const listed = stdout.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '';
  const names = [...listed.matchAll(/^ {2}modelgate ((?:[a-z-]+ ?)+)/gm)].map(([, name = '']) =>
    name.trim().split(' '),
  );
  const below = await Promise.all(names.map(commandsBelow));
  return names.flatMap((name, at) => (below[at]?.length ? below[at] : [name.join(' ')]));
}

describe('help', () => {
  it('leads from command to command', async () => {
    expect(await commandsBelow([])).to.have.members(commands);
  });

  for (const command of commands) {
    it(`of ${command} has a description and an example of it`, async () => {
      const { code, stdout } = await cli([...command.split(' '), '--help']);
      expect(code).to.equal(0);
      expect(stdout.split('\n')[2], 'the description').to.match(/^[A-Z].{8,}/);
      expect(stdout).to.match(new RegExp(`\nExamples:\n {2}modelgate ${command}\\b`));
    });
  }

  it('offers -o json for every command that asks a server for something', async () => {
    const without = ['accept-loss', 'bootstrap-key', 'completion', 'init', 'serve'];
    for (const command of commands) {
      const { stdout } = await cli([...command.split(' '), '--help']);
      expect(/-o, --output .*"json"/s.test(stdout), command).to.equal(!without.includes(command));
    }
  });

  it('--version prints the version of the package', async () => {
    const file = new URL('../../../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(file, 'utf8'));
    expect(await cli(['--version'])).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('comes by `help` before a command too', async () => {
    for (const argv of [['help'], ['help', 'users'], ['help', 'users', 'create']]) {
      const { code, stdout } = await cli(argv);
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: (await cli([...argv.slice(1), '--help'])).stdout });
    }
  });

  it('is shown in full, on standard error, where a command is missing or unknown', async () => {
    for (const [argv, says] of [
      [[], 'name a command'],
      [['users'], 'say what to do with users'],
      [['user'], 'there is no such command; did you mean users?'],
    ] as const) {
      const { code, stdout, stderr } = await cli(argv);
      expect({ code, stdout }, says).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.include(`modelgate: ${says}\n`).and.include('\nCommands:\n');
    }
  });
});

describe('usage errors', () => {
  for (const [line, says] of [
    ['status --nope', 'there is no option --nope\n'],
    ['keys create --user a --expires-att 2030-01-01', 'there is no option --expires-att\n'],
    [
      'keys list --user a --expires-befor=2030-01-01',
      'there is no option --expires-befor; did you mean --expires-before?\n',
    ],
    ['users list -x --nope', 'there is no option -x; there is no option --nope\n'],
    ['users list --search', 'the option search needs a value\n'],
    ['users nobody-knows', 'there is no such command: nobody-knows\n'],
    ['users get', 'arguments are missing: got 0, need 1'],
    ['users get a b', 'too many arguments: b\n'],
    ['users list -o xml', 'Choices: "table", "json"'],
    ['users update ada --site-admin maybe', 'Choices: "true", "false"'],
    ['users update ada', 'say what to change: --name, --email, --site-admin, --deactivated'],
    ['models update p m', 'say what to change: --name, --target, --auth-shadow, --state'],
    ['models auth on', 'name the project and the model, or say --all'],
    ['models auth on p m --all', 'name a model or say --all, not both'],
    ['models auth on p m --project q', '--project goes with --all'],
    ['models auth off --all', 'authentication is switched off for one model at a time'],
    ['models auth off p', 'name the project and the model'],
    ['projects update p', 'say what to change: --name, --visibility, --owner, --owner-team'],
    ['projects create p --owner a --owner-team t', 'say --owner USER or --owner-team TEAM, not both'],
    ['projects list --visibility secret', 'Choices: "private", "organization", "public"'],
    ['collaborators put p', 'name a user or application, or say --team TEAM'],
    ['collaborators put p a --team t', 'name a user or application, or say --team TEAM'],
    ['collaborators put p a', 'say --permission business_user|read|operator|write|admin'],
    ['collaborators put p a --permission read --mode inherit', '--mode goes with --team'],
    ['collaborators put p --team t --mode override', 'say --permission business_user|read|operator|write|admin'],
    ['collaborators put p --team t --permission read', '--permission of a team goes with --mode override'],
    ['collaborators delete p', 'name a user or application, or say --team TEAM'],
    ['teams members put t a', 'say --permission: what the user holds in the team'],
    ['applications update bot', 'say what to change: --owner, --deactivated'],
    ['settings set', 'say what to change: --default-api-key-expiration-days, --stale-after-seconds, --gateway-url'],
    ['settings set --stale-after-seconds soon', '"soon" is no whole number'],
    ['users list --descending', '--descending goes with --sort'],
    ['users list --sort email', 'Choices: "username", "name", "created_at", "last_used_at"'],
    ['audit list --limit=-5', '--limit: "-5" is no whole number'],
    ['keys create', 'say whose keys, by --user NAME or --application NAME'],
    ['keys list --user a --application b', 'say --user NAME or --application NAME, not both'],
    ['keys rotate --user a', 'arguments are missing: got 0, need 1'],
    ['keys rotate k --user a --overlap-seconds 1h', '"1h" is no whole number'],
    ['keys create --user a --user b', '--user is given more than once'],
    ['keys delete --user a', 'name a Key ID, or say --all'],
    ['keys delete k --all --user a', 'name a Key ID or say --all, not both'],
    ['users list', 'set --key-file or MODELGATE_KEY_FILE'],
    ['wait', 'say --revision: each change tells its own'],
    ['completion', 'arguments are missing: got 0, need 1'],
    ['status --server localhost:9192', '--server (MODELGATE_SERVER) must be a URL'],
    ['status --server http://ada:pw@localhost', 'without user, query and fragment'],
  ] as const) {
    it(`${line}: ${says}`, async () => {
      const { code, stdout, stderr } = await cli(line.split(' '));
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.include(says).and.not.include('pw@');
    });
  }
});
