import type { CreatedApiKey } from '../../../admin/schemas/api-keys.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { Form } from '../../parts/form/form.tsx';
import { expiryField } from '../api-keys/expiry.ts';
import { useShowKey } from '../api-keys/use-show-key.ts';

interface Props {
  readonly projectId: string;
  readonly modelId: string;
  /** Told the secret, which stays in this page's memory for the call. */
  readonly made: (apiKey: string) => void;
}

/** Makes an API key that calls this one model. */
export function KeyStep({ modelId, made }: Props) {
  const { api, session } = useSignedIn();
  const showKey = useShowKey();
  return (
    <Form
      fields={[
        { name: 'comments', label: 'Comment', kind: 'text', value: 'first call', hint: 'To know the key by.' },
        expiryField(Date.now(), session.site.default_api_key_expiration_days),
      ]}
      submit="Create API key"
      send={async ({ comments, expiry_date }) => {
        const { body } = await api.send<CreatedApiKey>('POST', apiPath`/users/${session.username}/v2_keys`, {
          comments,
          models: [modelId],
          ...(expiry_date ? { expiry_date } : {}),
        });
        made(body.api_key);
        await showKey(body);
      }}
    />
  );
}
