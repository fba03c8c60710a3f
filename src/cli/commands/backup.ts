import { backupContentType, type SiteBackup } from '../../admin/schemas/site.ts';
import type { ApiClient } from '../api/api-client.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { Refusal, UsageError } from '../cli-error.ts';
import { text, withFormat } from '../options.ts';
import { withProgress } from '../output/progress.ts';
import { showThing } from '../output/show.ts';
import { requireFreePath, writeNewFile } from '../output/write-new-file.ts';

const standardOutput = '-';

export const backupCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'backup',
    description:
      "Copy the store, while it serves, into a new file: in the server's data directory, or on this machine with --to. It is confidential.",
    example: 'backup --to modelgate.db',
    options: options =>
      withFormat(options)
        .option('to', text('a file on this machine that is not there yet; - writes to standard output'))
        .check(({ to }) => {
          if (to === standardOutput && terminal.isTerminal) {
            throw new UsageError('--to -: a terminal shows no database; send it to a file or a program');
          }
          return true;
        }),
    run: async ({ to, output }, api) => {
      if (to === undefined) {
        await showThing(terminal, output, await api.write<SiteBackup>('POST', '/site:backup'));
        return;
      }
      if (to !== standardOutput) {
        await requireFreePath(to);
      }
      const arriving = { bytes: 0 };
      const size = await withProgress(
        at.stderr,
        () => `backup: ${arriving.bytes} bytes`,
        receive(api, arriving, (content, ended) =>
          to === standardOutput ? terminal.printBytes(content, ended) : writeNewFile(to, content, ended),
        ),
      );
      if (to === standardOutput) {
        terminal.note(`a backup of ${size} bytes is on standard output`);
      } else {
        await showThing(terminal, output, { file: to, size });
      }
    },
  });

/** Hands the bytes on as they come; answers how many there were. Rejects with a Refusal where some are missing. */
async function receive(
  api: ApiClient,
  arriving: { bytes: number },
  take: (content: AsyncIterable<Buffer>, ended: () => void) => Promise<void>,
): Promise<number> {
  const { content, size } = await api.download('/site:download_backup', backupContentType);
  const broken = () => new Refusal(`the backup ended after ${arriving.bytes} of ${size} bytes: take another`);
  async function* counted(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of content) {
        arriving.bytes += piece.length;
        yield piece;
      }
    } catch {
      throw broken();
    }
  }
  await take(counted(), () => {
    if (arriving.bytes !== size) {
      throw broken();
    }
  });
  return size;
}
