import { readFile } from 'node:fs/promises';
import type { OpenIdProvider } from '../admin/oidc/openid-provider.ts';
import type { Config } from '../config/read-config.ts';
import { settings, shownName } from '../config/serve-settings.ts';
import { systemFaultWords } from '../words/system-fault.ts';
import { StartError } from './first-admin.ts';

/**
 * The OpenID provider that is set up; undefined: none. It is not asked for anything yet. Rejects with a StartError where
 * the client's secret can't be read.
 */
export async function openIdProvider(config: Config, now: () => number): Promise<OpenIdProvider | undefined> {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcName: name, oidcCreateUsers: createUsers, adminUrl } = config;
  if (issuer === '' || adminUrl === undefined) {
    return undefined;
  }
  const clientSecret = await readClientSecret(config.oidcClientSecretFile);
  // The library is read where it is asked for: most sites have no provider.
  const { OpenIdProvider } = await import('../admin/oidc/openid-provider.ts');
  return new OpenIdProvider({ issuer, clientId, clientSecret, name, createUsers, adminUrl }, now);
}

async function readClientSecret(file: string): Promise<string> {
  const setting = `${shownName(settings.oidcClientSecretFile.flag)}: ${file}`;
  const text = await readFile(file, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    throw new StartError(`${setting} can't be read: ${systemFaultWords(fault)}`);
  });
  if (text.trim() === '') {
    throw new StartError(`${setting} is empty: write the client's secret at the provider into it`);
  }
  return text.trim();
}
