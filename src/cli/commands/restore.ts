import { settings } from '../../config/serve-settings.ts';
import type { Restored } from '../../restore/restore-backup.ts';
import { shellWord } from '../../words/shell-word.ts';
import type { AddCommand } from '../api-command.ts';
import { UsageError } from '../cli-error.ts';
import { dataDirectory } from '../data-directory.ts';
import { withFormat } from '../options.ts';
import { withProgress } from '../output/progress.ts';
import { type Format, printTable, toJson } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { settingOption } from '../setting-option.ts';

type Reopened = Restored['reopened'][number];

const columns: Column<Reopened>[] = [
  { title: 'KIND', of: ({ kind }) => kind, whole: true },
  { title: 'ID', of: ({ id }) => id, whole: true },
  { title: 'TO TAKE IT AWAY', of: each => (each.ended ? '(stays ended)' : commandLine(each)), whole: true },
  { title: 'OPENS', of: ({ opens }) => opens.join('; ') },
];

export const restoreCommand: AddCommand = (cli, at, terminal) =>
  cli.command(
    'restore <backup>',
    'Put a backup in the place of the store; keys and rights of users that were revoked since stay revoked, and what else comes back is listed.',
    options =>
      withFormat(options.option('data', settingOption(settings.data)))
        .example('$0 restore backup-r120-20260131T120000000Z.db --dry-run', '')
        .positional('backup', { type: 'string', demandOption: true, describe: 'file that `modelgate backup` made' })
        .option('dry-run', {
          type: 'boolean',
          default: false,
          describe: 'list what would come back, and change nothing',
        })
        .option('include-revoked', {
          type: 'boolean',
          default: false,
          describe: 'bring back keys, users and site admins that were revoked or deleted since, too, as after a slip',
        })
        .option('accept-loss', {
          type: 'boolean',
          default: false,
          describe:
            'restore though the store in place is gone, damaged or of a newer version, so that nobody knows all that was revoked since',
        })
        .check(args => requireNoBoth(args['dry-run'], args['accept-loss']))
        .epilogue(
          'To be run where the data directory is, while no server runs on it. The store that is replaced is kept beside, as replaced-….db.',
        ),
    async ({ backup, data, dryRun, includeRevoked, acceptLoss, output }) => {
      const dataFolder = dataDirectory(data, at);
      const work = at.restore({ dataDirectory: dataFolder, backup, dryRun, includeRevoked, acceptLoss });
      await show(
        await withProgress(at.stderr, () => `restoring ${backup}`, work),
        { dryRun, dataFolder, output },
        terminal,
      );
    },
  );

function requireNoBoth(dryRun: boolean, acceptLoss: boolean): true {
  if (dryRun && acceptLoss) {
    throw new UsageError(
      '--dry-run goes without --accept-loss: without the store in place there is nothing to compare',
    );
  }
  return true;
}

interface Shown {
  readonly dryRun: boolean;
  readonly dataFolder: string;
  readonly output: Format;
}

async function show(restored: Restored, { dryRun, dataFolder, output }: Shown, terminal: Terminal): Promise<void> {
  const { revision, replacedRevision, kept, reopened, siteAdmins } = restored;
  if (output === 'json') {
    const entries = reopened.map(each => ({ ...each, command: commandLine(each) }));
    const answer = { revision, replaced_revision: replacedRevision ?? null, kept: kept ?? null, dry_run: dryRun };
    await terminal.print(toJson({ ...answer, site_admins: siteAdmins, reopened: entries }));
  } else if (reopened.length > 0) {
    await printTable(terminal, columns, reopened);
  }
  for (const note of notesOf(restored, dryRun, dataFolder)) {
    terminal.note(note);
  }
}

function notesOf(restored: Restored, dryRun: boolean, dataFolder: string): string[] {
  const { revision, replacedRevision, kept, reopened, siteAdmins } = restored;
  const ended = reopened.filter(each => each.ended).length;
  const left = reopened.length - ended;
  return [
    dryRun
      ? 'dry run: nothing was changed'
      : `restored ${dataFolder} to revision ${revision} of the backup, as another history`,
    ...(kept === undefined
      ? []
      : [`the store that it replaces is kept as ${kept} in ${dataFolder}: remove it when nobody needs it`]),
    ...(replacedRevision === undefined
      ? ['nobody knows what was revoked since the backup: revoke it anew']
      : [
          `of what was taken away since, ${ended} stay so and ${left} come back${left > 0 ? ': see above how to take them away again' : ''}`,
        ]),
    ...(reopened.some(({ kind, ended }) => kind === 'legacy_key' && ended)
      ? [
          `users whose legacy key stays ended have none: modelgate users rotate-legacy-key NAME, or for a site admin modelgate init --recover --admin NAME --data ${shellWord(dataFolder)}`,
        ]
      : []),
    ...(siteAdmins === 0
      ? [`no site admin is left: modelgate init --admin NEW_NAME --data ${shellWord(dataFolder)}`]
      : []),
  ];
}

function commandLine({ command }: Reopened): string {
  return ['modelgate', ...command].map(shellWord).join(' ');
}
