import type { AddCommand } from '../api-command.ts';

export const bootstrapKeyCommand: AddCommand = (cli, at, terminal) =>
  cli.command(
    'bootstrap-key',
    'Make a key for `serve --bootstrap-key-file`; prints it, once, and keeps it nowhere.',
    options => options.example('$0 bootstrap-key > admin.key', ''),
    async () => {
      const key = await at.makeLegacyKey();
      await terminal.printSecret(key, 'the key is lost, and opens nothing: make another');
    },
  );
