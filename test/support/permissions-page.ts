import { makeApiDocument, operationsOf } from './api-document.ts';
import { permissions, roles } from './permissions.ts';

/** Titles of the columns, by what the roles hold. */
const titles: Readonly<Record<(typeof roles)[number], string>> = {
  nobody: 'nobody',
  outsider: 'outsider',
  viewer: 'viewer',
  writer: 'contributor',
  admin: 'project admin',
  root: 'site admin',
};

/** README's table of permissions: the rows of the rule that have the same answers and the same words for who may, as one. */
export async function permissionsTable(): Promise<string> {
  const documented = operationsOf(await makeApiDocument());
  const whoMayOf = new Map(documented.map(each => [`${each.method} ${each.path}`, each['x-who-may'] ?? '']));
  const groups = new Map<string, string[]>();
  for (const [operation, , answers] of permissions) {
    const marks = answers.split(' ').map(answer => (answer === '+' ? '✓' : '–'));
    const beginning = `| ${[whoMayOf.get(operation), ...marks].join(' | ')} |`;
    groups.set(beginning, [...(groups.get(beginning) ?? []), `\`${operation}\``]);
  }
  const rows = [...groups].map(([beginning, operations]) => `${beginning} ${operations.join(', ')} |`);
  const head = ['who may', ...roles.map(role => titles[role]), 'what'];
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows, ''].join('\n');
}
