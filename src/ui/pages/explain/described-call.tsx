import { useState } from 'preact/hooks';
import type { ModelList } from '../../../admin/schemas/models.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier, type Field, type Values } from '../../parts/form/field.ts';
import { Form } from '../../parts/form/form.tsx';
import { useQuery } from '../../route.ts';
import { Explained } from './explained.tsx';

interface Described {
  readonly model_id: string;
  readonly key_id?: string;
  readonly api_key?: string;
  readonly at?: string;
}

/** Explains a call by its model and key. What is no secret stands in the address, so that it can be passed on. */
export function DescribedCall() {
  const { api } = useSignedIn();
  const [query, change] = useQuery();
  // Kept in this page's memory, and gone with it.
  const [secret, setSecret] = useState<string>();
  const described = toDescribed(query, secret);
  const suggestModels = async (typed: string) => {
    const { models } = await api.get<ModelList>('/models', { search_filter: typed, page_size: 10 });
    return models.map(({ model_id }) => model_id);
  };
  const explain = async ({ model_id, key_id, api_key, at }: Values) => {
    setSecret(api_key || undefined);
    change({ model: model_id, key: key_id, at: at && toInstant(at) });
  };
  return (
    <section class="part">
      <h2>A call that you describe</h2>
      <Form fields={callFields(query, suggestModels)} submit="Explain call" send={explain} />
      {described && <Explained asked={described} />}
    </section>
  );
}

function toDescribed({ model, key, at }: Readonly<Record<string, string>>, secret?: string): Described | undefined {
  if (!model) {
    return undefined;
  }
  return {
    model_id: model,
    ...(secret ? { api_key: secret } : key ? { key_id: key } : {}),
    ...(at ? { at } : {}),
  };
}

function callFields({ model, key, at }: Readonly<Record<string, string>>, suggest: Field['suggest'] & {}): Field[] {
  return [
    {
      name: 'model_id',
      label: 'Model ID',
      kind: 'text',
      value: model ?? '',
      isRequired: true,
      check: checkIdentifier,
      suggest,
    },
    {
      name: 'key_id',
      label: 'Key ID',
      kind: 'text',
      value: key ?? '',
      hint: 'Of the API key that the call carries: lists of keys show it. Empty: a call without an API key.',
      check: checkIdentifier,
    },
    {
      name: 'api_key',
      label: 'Or the API key itself',
      kind: 'secret',
      hint: 'Only where its Key ID is not known. It is kept nowhere.',
      isAsked: values => !values['key_id']?.trim(),
    },
    {
      name: 'at',
      label: 'When, in UTC',
      kind: 'text',
      value: at ?? '',
      hint: 'Such as 2030-01-31 12:00. Empty: now.',
      check: value => (toInstant(value) ? undefined : 'Write it as 2030-01-31 12:00.'),
    },
  ];
}

/** As the API takes it; undefined: it is no time. */
function toInstant(text: string): string | undefined {
  const written = text.trim().replace(' ', 'T').replace(/Z?$/, 'Z');
  const ms = Date.parse(/T/.test(written) ? written : written.replace('Z', 'T00:00:00Z'));
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
