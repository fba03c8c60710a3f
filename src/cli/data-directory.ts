import { readConfig } from '../config/read-config.ts';
import { environmentName, settings } from '../config/serve-settings.ts';
import type { Surroundings } from './surroundings.ts';

/** The data directory of a command that runs beside `serve`. Only this setting counts: a fault in another one is for `serve` to tell. */
export function dataDirectory(flag: string | undefined, at: Surroundings): string {
  const variable = environmentName(settings.data.flag);
  return readConfig({ [settings.data.flag]: flag }, { [variable]: at.env[variable] }).data;
}
