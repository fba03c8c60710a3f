import type { Settings } from '../../../admin/schemas/settings.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
import type { Field, Values } from '../../parts/form/field.ts';
import { Form } from '../../parts/form/form.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useSurface } from '../../parts/surface.tsx';

/** What holds for the whole site. */
export function SettingsPage() {
  const { api, refresh } = useSignedIn();
  const { tell } = useSurface();
  const { data, error, reload } = useLoaded('settings', (from, signal) => from.get<Settings>('/settings', {}, signal));
  const save = async (values: Values) => {
    const { revision } = await api.send<Settings>('PATCH', '/settings', {
      default_api_key_expiration_days: Number(values['default_api_key_expiration_days']),
      stale_after_seconds: Number(values['stale_after_seconds']),
      gateway_url: values['gateway_url'],
    });
    tell('The settings are saved.', revision);
    reload();
    await refresh();
  };
  return (
    <>
      <h1>Settings</h1>
      {error && <Problem error={error} retry={reload} />}
      {data ? <Form fields={settingFields(data)} submit="Save settings" send={save} /> : !error && <Skeleton />}
    </>
  );
}

/** Bounds as the API has them. */
const daysMax = 3650;
const secondsMax = 31_536_000;

function settingFields(settings: Settings): Field[] {
  return [
    {
      name: 'default_api_key_expiration_days',
      label: 'Default API keys expiration in days',
      kind: 'text',
      isRequired: true,
      value: String(settings.default_api_key_expiration_days),
      hint: 'Also the longest that a new key may live. Keys that exist keep their expiry when it is lowered.',
      check: wholeNumber(1, daysMax),
    },
    {
      name: 'stale_after_seconds',
      label: 'Refuse checks when nothing was confirmed for so many seconds',
      kind: 'text',
      isRequired: true,
      value: String(settings.stale_after_seconds),
      hint: '0: no limit, checks are answered from what was known last.',
      check: wholeNumber(0, secondsMax),
    },
    {
      name: 'gateway_url',
      label: 'Address of the gateway',
      kind: 'text',
      value: settings.gateway_url,
      hint: 'Where calls of models go, such as https://models.example.com. Sample calls name it, and Test calls it.',
      check: value =>
        /^https?:\/\/[^\s]+$/i.test(value.trim()) ? undefined : 'This must be an http or https address.',
    },
  ];
}

function wholeNumber(min: number, max: number) {
  return (value: string): string | undefined => {
    const number = /^\d{1,9}$/.test(value.trim()) ? Number(value) : Number.NaN;
    const isRight = number >= min && number <= max;
    return isRight ? undefined : `This must be a whole number from ${min} to ${max.toLocaleString('en')}.`;
  };
}
