import type { Measured } from '../compare.ts';
import type { Plan } from '../plan.ts';
import { type Measure, medianOf } from './rows.ts';

const columns: readonly { readonly measure: Measure; readonly head: string; readonly digits: number }[] = [
  { measure: 'rps', head: 'per second', digits: 0 },
  { measure: 'p50_us', head: 'p50 µs', digits: 0 },
  { measure: 'p99_us', head: 'p99 µs', digits: 0 },
  { measure: 'p999_us', head: 'p99.9 µs', digits: 0 },
  { measure: 'cpu_us', head: 'CPU µs', digits: 1 },
  { measure: 'peak_mib', head: 'peak MiB', digits: 0 },
  { measure: 'resident_mib', head: 'MiB', digits: 0 },
  { measure: 'ready_s', head: 'ready s', digits: 2 },
];

/** Divided by the baseline's figure of the same plan. */
const ratios: readonly { readonly measure: Measure; readonly head: string }[] = [
  { measure: 'rps', head: 'per second ×' },
  { measure: 'p50_us', head: 'p50 ×' },
  { measure: 'p99_us', head: 'p99 ×' },
  { measure: 'cpu_us', head: 'CPU ×' },
];

/** One Markdown table for all plans, in the order of the plans. */
export function toTable(measured: readonly Measured[], baseline: string): string {
  const heads = ['plan', 'server', ...[...columns, ...ratios].map(({ head }) => head)];
  const lines = measured.map(each => {
    const base = measured.find(({ plan, server }) => plan === each.plan && server.name === baseline);
    const figures = columns.map(({ measure, digits }) => medianOf(each.rounds, measure).toFixed(digits));
    const shares = ratios.map(({ measure }) =>
      base ? ratio(medianOf(each.rounds, measure), medianOf(base.rounds, measure)) : '–',
    );
    return [each.plan.name, each.server.name, ...figures, ...shares];
  });
  return toMarkdown(heads, lines);
}

/** Each server beside itself, for plans that differ from another in one thing; empty where none of those was measured. */
export function toOwnTable(measured: readonly Measured[]): string {
  const heads = ['plan', 'server', 'changes per second', 'per second ×', 'p99 ×', 'p99.9 ×', 'CPU ×', 'peak MiB ×'];
  const measures = ['rps', 'p99_us', 'p999_us', 'cpu_us', 'peak_mib'] as const;
  const lines = measured.flatMap(({ plan, server, rounds }) => {
    const base = measured.find(other => other.plan.name === plan.against && other.server.name === server.name);
    const shares = base && measures.map(measure => ratio(medianOf(rounds, measure), medianOf(base.rounds, measure)));
    const changes = plan.changes ? `${medianOf(rounds, 'changes_per_s').toFixed(0)} of ${plan.changes.perSecond}` : '–';
    return shares ? [[`${plan.name} / ${plan.against}`, server.name, changes, ...shares]] : [];
  });
  return lines.length === 0 ? '' : toMarkdown(heads, lines);
}

/** What asking adds to a call through Envoy, beside the same Envoy without the filter; empty where that was not measured. */
export function toGatewayTable(measured: readonly Measured[]): string {
  const heads = ['behind Envoy', 'server', 'calls per second', 'per second ×', 'p50 added µs', 'p99 added µs'];
  const lines = measured.flatMap(({ plan, server, rounds }) => {
    const bare = measured.find(other => other.plan === plan && other.server.asked === false);
    if (!bare || !plan.behindEnvoy) {
      return [];
    }
    const [rps, bareRps] = [medianOf(rounds, 'rps'), medianOf(bare.rounds, 'rps')];
    const added = (['p50_us', 'p99_us'] as const).map(measure => {
      return (medianOf(rounds, measure) - medianOf(bare.rounds, measure)).toFixed(0);
    });
    return [[plan.name, server.name, rps.toFixed(0), ratio(rps, bareRps), ...added]];
  });
  return lines.length === 0 ? '' : toMarkdown(heads, lines);
}

/** What the names of the plans mean. */
export function legend(plans: readonly Plan[]): string {
  return plans.map(({ name, title }) => `- \`${name}\`: ${title}`).join('\n');
}

function ratio(value: number, base: number): string {
  return base > 0 ? (value / base).toFixed(2) : '–';
}

export function toMarkdown(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  return [heads, ['---', '---', ...heads.slice(2).map(() => '---:')], ...lines].map(toLine).join('\n');
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
