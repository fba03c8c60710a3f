import type { RotatedApiKey } from '../../../admin/schemas/api-keys.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import type { Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { expiryField } from './expiry.ts';
import { type KeyOwner, keysPath } from './key-owner.ts';
import { useShowKey } from './use-show-key.ts';

interface Props {
  readonly owner: KeyOwner;
  readonly keyId: string;
  readonly changed: () => void;
  readonly leave: () => void;
}

const overlaps = [
  { value: '86400', text: '24 hours' },
  { value: '3600', text: '1 hour' },
  { value: '604800', text: '7 days' },
  { value: '2592000', text: '30 days' },
  { value: '0', text: 'not at all: it stops now' },
];

/** Replaces an API key by a successor, beside which it works on for a while (B43). */
export function RotateKeyDialog({ owner, keyId, changed, leave }: Props) {
  const { api, session } = useSignedIn();
  const showKey = useShowKey();
  const send = async ({ overlap_seconds, expiry_date }: Values) => {
    const { body } = await api.send<RotatedApiKey>('POST', `${keysPath(owner)}${apiPath`/${keyId}`}:rotate`, {
      overlap_seconds: Number(overlap_seconds),
      ...(expiry_date ? { expiry_date } : {}),
    });
    leave();
    changed();
    await showKey(body, body.previous_works_until);
  };
  return (
    <FormDialog
      title={`Rotate API key ${keyId}`}
      fields={[
        {
          name: 'overlap_seconds',
          label: 'The old key works on for',
          kind: 'choice',
          options: overlaps,
          value: '86400',
          hint: 'Never past its own expiry. In this time, put the new key where the old one is used.',
        },
        expiryField(Date.now(), session.site.default_api_key_expiration_days),
      ]}
      submit="Rotate API key"
      send={send}
      leave={leave}
    >
      <p>A successor is made with the same owner, comment, scope and audiences. It is shown once.</p>
    </FormDialog>
  );
}
