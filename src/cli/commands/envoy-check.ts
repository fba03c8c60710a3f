import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { buffer as readAll } from 'node:stream/consumers';
import { readConfig } from '../../config/read-config.ts';
import { environmentName, settings } from '../../config/serve-settings.ts';
import { checkConfig } from '../../envoy-config/check-config.ts';
import { UnreadableConfig } from '../../envoy-config/documents/read-documents.ts';
import type { Finding, Report } from '../../envoy-config/finding.ts';
import { fileFaultWords } from '../../words/system-fault.ts';
import { type AddCommand, addGroup } from '../api-command.ts';
import { Refusal, UsageError } from '../cli-error.ts';
import { withFormat } from '../options.ts';
import { type Format, toJson } from '../output/show.ts';
import type { Terminal } from '../output/terminal.ts';
import { printable } from '../output/text-width.ts';
import { settingOption } from '../setting-option.ts';
import type { Surroundings } from '../surroundings.ts';

const check: AddCommand = (cli, at, terminal) =>
  cli.command(
    'check <file>',
    'Name what in a config of Envoy, Istio or Envoy Gateway would let a call past the check, or break it.',
    options =>
      withFormat(options)
        .example('$0 envoy check envoy.yaml', '')
        .example('kubectl get KINDS -A -o yaml | $0 envoy check -', '')
        .positional('file', {
          type: 'string',
          demandOption: true,
          describe: 'bootstrap or /config_dump of Envoy, or the objects of a gateway together; - reads standard input',
        })
        .option('allow-unchecked', {
          type: 'boolean',
          default: false,
          describe: 'end with 0 even where a part could not be checked',
        })
        .option(settings.bodyBytesMax.flag, settingOption(settings.bodyBytesMax))
        .epilogue(
          'KINDS of Envoy Gateway, with a comma between them: gateways httproutes httproutefilters securitypolicies clienttrafficpolicies envoypatchpolicies envoyproxies.\n\nExit codes: 0 no findings, 1 findings, or a part that could not be checked, 2 usage, or nothing in it that could be checked.',
        ),
    async ({ file: named, output, bodyBytesMax, allowUnchecked }) => {
      // yargs makes an empty text of a lone dash.
      const file = named === '' && at.argv.includes('-') ? '-' : named;
      const name = file === '-' ? 'standard input' : file;
      const report = checked(await read(file, at), name, bytesMax(bodyBytesMax, at));
      await show(report, name, output, terminal);
      const unchecked = allowUnchecked ? 0 : report.notChecked.length;
      if (report.findings.length + unchecked > 0) {
        throw new Refusal(`${name}: ${counted(report.findings, unchecked)}`);
      }
    },
  );

export const envoyCommands: AddCommand = (cli, at, terminal) =>
  addGroup(cli, at, terminal, {
    command: 'envoy',
    description: "Check Envoy's side of the protection.",
    example: 'envoy check envoy.yaml',
    members: [check],
  });

async function read(file: string, at: Surroundings): Promise<string> {
  const bytes = await (file === '-' ? readAll(at.stdin) : readFile(file)).catch((fault: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} can't be read: ${fileFaultWords(file, fault)}`);
  });
  if (!isUtf8(bytes)) {
    throw new UsageError(
      `${file === '-' ? 'standard input' : file} can't be checked: it holds bytes that are no UTF-8`,
    );
  }
  return bytes.toString('utf8');
}

/** The one setting of the server that Envoy must agree with. */
function bytesMax(flag: string | undefined, at: Surroundings): number {
  const variable = environmentName(settings.bodyBytesMax.flag);
  return readConfig({ [settings.bodyBytesMax.flag]: flag }, { [variable]: at.env[variable] }).bodyBytesMax;
}

function checked(text: string, name: string, bodyBytesMax: number): Report {
  try {
    return checkConfig(text, { bodyBytesMax });
  } catch (fault) {
    if (fault instanceof UnreadableConfig) {
      throw new UsageError([`${name} can't be checked: ${fault.message}`, ...fault.details].join('\n  '));
    }
    throw fault;
  }
}

async function show(report: Report, name: string, format: Format, terminal: Terminal): Promise<void> {
  const { findings, checked, notChecked } = report;
  if (format === 'json') {
    await terminal.print(toJson({ findings, checked, not_checked: notChecked }));
    return;
  }
  const lines = [
    ...findings.flatMap(found => [...toLines(found, name), '']),
    ...(findings.length === 0
      ? [notChecked.length === 0 ? `no findings in ${name}` : `nothing found in what could be checked of ${name}`]
      : []),
    ...checked.map(what => `checked: ${what}`),
    ...notChecked.map(what => `not checked: ${what}`),
  ];
  await terminal.print(lines.map(line => `${printable(line)}\n`).join(''));
}

function toLines({ rule, severity, object, path, line, why, write }: Finding, name: string): readonly string[] {
  const [first = '', ...rest] = write.split('\n');
  return [
    `${name}:${line}: ${severity}: ${rule}`,
    `  at     ${object === '' ? '' : `${object}: `}${path}`,
    `  why    ${why}`,
    `  write  ${first}`,
    ...rest.map(more => `         ${more}`),
  ];
}

function counted(findings: readonly Finding[], unchecked: number): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const plural = (n: number, word: string) => (n === 0 ? [] : [`${n} ${word}${n === 1 ? '' : 's'}`]);
  return [
    ...plural(errors, 'error'),
    ...plural(warnings, 'warning'),
    ...(unchecked === 0 ? [] : [`${unchecked} not checked (--allow-unchecked takes that)`]),
  ].join(', ');
}
