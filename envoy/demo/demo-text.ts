import type { DemoCall } from './demo-calls.ts';
import type { DemoKeys } from './demo-keys.ts';

/** The calls as a table of want and got; a line that differs is marked. */
export function callTable(calls: readonly DemoCall[]): string {
  const rows = [{ title: 'call through Envoy', want: 'want', got: 'got' }, ...calls];
  const titleWidth = Math.max(...rows.map(({ title }) => title.length));
  const wantWidth = Math.max(...rows.map(({ want }) => want.length));
  const lines = rows.map(({ title, want, got }, at) => {
    const mark = at === 0 ? ' ' : want === got ? '✓' : '✗';
    return `${mark} ${title.padEnd(titleWidth)}  ${want.padEnd(wantWidth)}  ${got}`;
  });
  const right = calls.filter(({ want, got }) => want === got).length;
  return [...lines, '', `${right} of ${calls.length} calls as wanted`].join('\n');
}

export interface DemoAddresses {
  readonly gateway: string;
  readonly server: string;
  readonly keyFile: string;
}

/** `.demo/env`, to be sourced by a shell; every value is free of characters that a shell reads. */
export function environmentFile({ gateway, server, keyFile }: DemoAddresses, keys: DemoKeys): string {
  const variables = {
    GATEWAY: gateway,
    MODELGATE_SERVER: server,
    MODELGATE_KEY_FILE: keyFile,
    ACCESS_KEY_FRAUD: keys.accessKeyFraud,
    ACCESS_KEY_CHURN: keys.accessKeyChurn,
    API_KEY_VIEWER: keys.apiKeyViewer,
    API_KEY_OUTSIDER: keys.apiKeyOutsider,
    API_KEY_EXPIRED: keys.apiKeyExpired,
    LEGACY_KEY_VIEWER: keys.legacyKeyViewer,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

/** What to try by hand while the demo is up. */
export function invitation({ server }: DemoAddresses, environment: string, signInLink: string): string {
  const call = (key: string) =>
    `  curl -i "$GATEWAY/model" -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' -d "{\\"accessKey\\":\\"$ACCESS_KEY_FRAUD\\",\\"request\\":{}}"`;
  return [
    'Try it in another terminal:',
    `  . ${environment}`,
    '  # allowed: a viewer of the project',
    call('$API_KEY_VIEWER'),
    '  # denied (403): an outsider',
    call('$API_KEY_OUTSIDER'),
    '  # denied (401): nobody',
    `  curl -i "$GATEWAY/model?accessKey=$ACCESS_KEY_FRAUD" -X POST`,
    '  # as the site admin',
    '  npx modelgate users list',
    '  npx modelgate keys create --user victor --comment "my key"',
    '',
    'Web pages, signed in as the site admin; the link works once, within 10 minutes:',
    `  ${signInLink}`,
    '',
    `Web pages: ${server}/   admin API: ${server}/api/v2   metrics: ${server}/metrics   readiness: ${server}/readyz`,
    'Ctrl-C ends all of it.',
  ].join('\n');
}
