import type { SitePlan } from '../../admin/schemas/site.ts';
import { changeWords } from '../../words/value-words.ts';
import type { ApiClient, Query } from '../api/api-client.ts';
import { type AddCommand, addApiCommand } from '../api-command.ts';
import { faultLine, Refusal, RefusedByServer } from '../cli-error.ts';
import { text, withFormat } from '../options.ts';
import { type Format, printTable, toJson } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { parseSiteFile, type SiteFile } from '../site-file.ts';
import { inputName, readTextInput } from '../text-input.ts';

type Step = SitePlan['steps'][number];

const columns: Column<Step>[] = [
  { title: 'ACTION', of: ({ action }) => action, whole: true },
  { title: 'KIND', of: ({ kind }) => kind, whole: true },
  { title: 'ID', of: ({ id }) => id, whole: true },
  { title: 'OPENS', of: ({ opens = [] }) => opens.join('; ') || '-', whole: true },
  {
    title: 'CHANGES',
    of: ({ fields = [], reason = '-' }) =>
      fields.map(({ field, old, new: now }) => changeWords(field, old, now)).join('; ') || reason,
    whole: true,
  },
];

/** Characters of YAML that are read in about a second, in which nothing else can be shown. */
const slowYamlLength = 4_000_000;

export const applyCommand: AddCommand = (cli, at, terminal) =>
  addApiCommand(cli, at, terminal, {
    command: 'apply',
    description:
      'Bring the site to what a document (YAML or JSON) says; what it does not name stays as it is, or goes with --prune.',
    example: 'apply -f site.yaml --dry-run',
    options: options =>
      withFormat(options)
        .option('file', { ...text('the document; - reads standard input'), alias: 'f', demandOption: true })
        .option('prune', {
          type: 'boolean',
          default: false,
          describe:
            'delete what the sections and lists in the document do not name (API keys stay, but for those of deleted owners)',
        })
        .option('dry-run', { type: 'boolean', default: false, describe: 'show the plan and change nothing' }),
    run: async ({ file, prune, dryRun, output }, api) => {
      const [content, name] = [await readTextInput(file, '--file', at), inputName(file)];
      if (content.length > slowYamlLength && !content.trimStart().startsWith('{')) {
        terminal.note(`reading ${name}, which takes a while; as JSON it would take a moment`);
      }
      const site = parseSiteFile(content, name);
      const query = { dry_run: dryRun ? 'true' : undefined, prune: prune ? 'true' : undefined };
      await show(await apply(site, query, api), output, terminal);
    },
  });

/** A refusal of fields is told with the lines where they stand. */
async function apply(site: SiteFile, query: Query, api: ApiClient): Promise<SitePlan> {
  try {
    return await api.write<SitePlan>('POST', '/site:apply', site.document, query);
  } catch (refused) {
    if (refused instanceof RefusedByServer && refused.faults.length > 0) {
      throw new Refusal(
        `${site.name} is refused; nothing was changed`,
        refused.faults.map(fault => `${site.placeOf(fault.field)}: ${faultLine(fault)}`),
      );
    }
    throw refused;
  }
}

async function show(plan: SitePlan, format: Format, terminal: Terminal): Promise<void> {
  if (format === 'json') {
    await terminal.print(toJson(plan));
  } else if (plan.steps.length === 0) {
    await terminal.print('nothing to change\n');
  } else {
    await printTable(terminal, columns, plan.steps);
  }
  if (plan.dry_run && plan.steps.length > 0) {
    terminal.note('dry run: nothing was changed');
  }
  const count = (wanted: Step['action']) => plan.steps.filter(({ action }) => action === wanted).length;
  const [deleted, skipped] = [count('delete'), count('skip')];
  if (!plan.dry_run && deleted > 0) {
    terminal.note(`deleted ${deleted} of these, for good`);
  }
  if (skipped > 0) {
    terminal.note(`skipped ${skipped} that the document asks for: see above why`);
  }
}
