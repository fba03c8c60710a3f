import { readFileSync, writeFileSync } from 'node:fs';

const page = new URL('../../../docs/meshes.md', import.meta.url);

export interface MeshCall {
  readonly call: string;
  readonly want: string;
  readonly got: string;
}

/** A way in which the check was not attached or not answered, and how many calls came through. */
export interface MeshSlip {
  readonly what: string;
  readonly through: number;
}

/** A bent manifest, how many calls of strangers reached the model, and whether `envoy check` found it. */
export interface MeshMutation {
  readonly what: string;
  readonly opened: number;
  readonly found: boolean;
}

/** What one mesh made of the table and of the bent manifests. */
export interface MeshResult {
  readonly file: string;
  /** Name and version of what configured Envoy. */
  readonly plane: string;
  readonly calls: readonly MeshCall[];
  readonly slips: readonly MeshSlip[];
  readonly mutations: readonly MeshMutation[];
}

/** The page of the docs that says what was tried, and what came of it. */
export function resultsPage(envoy: string, results: readonly MeshResult[]): string {
  const rows = results[0]?.calls ?? [];
  const cell = (result: MeshResult, n: number) => result.calls[n]?.got ?? '';
  const right = ({ calls }: MeshResult) => calls.filter(({ want, got }) => want === got).length;
  return [
    '# Envoy, Istio and Envoy Gateway: what was tried',
    '',
    `Made by \`npm run test:mesh -- --write\`: the shipped files as they are, through their own control planes over a stub of the`,
    `Kubernetes API, and one table of calls through the Envoy ${envoy} that they configure. No cluster, no kubelet, no CNI was part of it.`,
    '',
    '| file | configured by | calls as wanted |',
    '|---|---|---|',
    ...results.map(
      result => `| \`envoy/${result.file}\` | ${result.plane} | ${right(result)} of ${result.calls.length} |`,
    ),
    '',
    '## The calls',
    '',
    `| call | ${results.map(({ file }) => file.replace('.yaml', '')).join(' | ')} |`,
    `|---|${results.map(() => '---').join('|')}|`,
    ...rows.map(({ call }, n) => `| ${call} | ${results.map(result => cell(result, n)).join(' | ')} |`),
    '',
    '## Where the check is not attached, or nobody answers it',
    '',
    'Calls that reached a model, of all kinds of calls with and without forged routing headers:',
    '',
    '| file | slip | came through |',
    '|---|---|---:|',
    ...results.flatMap(({ file, slips }) => slips.map(({ what, through }) => `| ${file} | ${what} | ${through} |`)),
    '',
    '## Manifests with one thing changed',
    '',
    'Each was given to the control plane; 42 calls of somebody who may not call the model were tried. Whatever let one through is',
    'found by `modelgate envoy check`, on the manifests and on the `/config_dump` of that Envoy.',
    '',
    '| file | change | came through | found |',
    '|---|---|---:|---|',
    ...results.flatMap(({ file, mutations }) =>
      mutations.map(({ what, opened, found }) => `| ${file} | ${what} | ${opened} | ${found ? 'yes' : '–'} |`),
    ),
    '',
  ].join('\n');
}

/** Writes the page, or answers whether it says the same already. */
export function keepPage(text: string, write: boolean): boolean {
  if (write) writeFileSync(page, text);
  return write || readFileSync(page, 'utf8') === text;
}
