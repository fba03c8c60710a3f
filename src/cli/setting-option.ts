import { environmentName, type Setting } from '../config/serve-settings.ts';

/** A setting of the server as an option. It has no default here: the environment comes before that. */
export function settingOption({ flag, placeholder, description, fallback }: Setting<unknown>) {
  return {
    type: 'string',
    requiresArg: true,
    describe: `${placeholder}: ${description} (${environmentName(flag)})`,
    ...(fallback === '' ? {} : { defaultDescription: fallback }),
  } as const;
}
