import { environmentName, settings } from './serve-settings.ts';

/** The settings of `serve` as a Markdown table, for the README; made from the one list so that it can't be wrong. */
export function settingsTable(): string {
  const rows = Object.values(settings).map(
    ({ flag, placeholder, fallback, description }) =>
      `| \`--${flag} ${placeholder.replaceAll('|', '\\|')}\` | \`${environmentName(flag)}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |`,
  );
  return ['| flag | environment | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}
