import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '../../admin/schemas/fleet.ts';
import type { ApiClient } from '../api/api-client.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { Refusal } from '../cli-error.ts';
import { wholeNumber, withFormat } from '../options.ts';
import { withProgress } from '../output/progress.ts';
import { toJson } from '../output/show.ts';

/** How long it waits unless told, in seconds: a connected sidecar has a change within one. */
const waitSeconds = 60;
const betweenAsksMs = 200;

export const waitCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'wait',
    description:
      'Wait until a revision is in force everywhere, as after a revocation; exits with 1 where it is not in time.',
    example: 'wait --revision 42 --timeout-seconds 10',
    options: options =>
      withFormat(options)
        .option('revision', {
          ...wholeNumber('revision', 'the revision that a change was told to be'),
          demandOption: 'say --revision: each change tells its own',
        })
        .option('timeout-seconds', {
          ...wholeNumber('timeout-seconds', 'longest wait'),
          default: waitSeconds,
        }),
    run: async ({ revision, timeoutSeconds, output }, api) => {
      const fleet = await withProgress(
        at.stderr,
        () => `waiting for revision ${revision}`,
        reached(api, revision, performance.now() + timeoutSeconds * 1000),
      );
      if (fleet.oldest_revision < revision) {
        const behind = fleet.sidecars.filter(sidecar => sidecar.revision < revision);
        throw new Refusal(
          `revision ${revision} is not in force everywhere: the newest is ${fleet.revision}, checks see ${fleet.oldest_revision}`,
          behind.map(sidecar => `sidecar ${sidecar.id} has ${sidecar.revision}`),
        );
      }
      const { oldest_revision } = fleet;
      await terminal.print(
        output === 'json'
          ? toJson(fleet)
          : `in force everywhere: revision ${oldest_revision}, which holds ${revision}\n`,
      );
    },
  });

/** How it stands when the revision is everywhere, or when the time is over. */
async function reached(api: ApiClient, revision: number, until: number): Promise<Fleet> {
  for (;;) {
    const fleet = await api.get<Fleet>('/fleet');
    if (fleet.oldest_revision >= revision || performance.now() >= until) {
      return fleet;
    }
    await sleep(betweenAsksMs);
  }
}
