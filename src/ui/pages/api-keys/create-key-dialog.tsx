import type { CreatedApiKey } from '../../../admin/schemas/api-keys.ts';
import { useSignedIn } from '../../api/session.tsx';
import { checkIdentifier, type Field, type Values } from '../../parts/form/field.ts';
import { FormDialog } from '../../parts/form/form-dialog.tsx';
import { expiryField } from './expiry.ts';
import { type KeyOwner, keysPath } from './key-owner.ts';
import { useShowKey } from './use-show-key.ts';

interface Props {
  readonly owner: KeyOwner;
  readonly changed: () => void;
  readonly leave: () => void;
}

/** Makes an API key and shows its secret once. */
export function CreateKeyDialog({ owner, changed, leave }: Props) {
  const { api, session } = useSignedIn();
  const showKey = useShowKey();
  const send = async (values: Values) => {
    const { body } = await api.send<CreatedApiKey>('POST', keysPath(owner), toNewKey(values));
    leave();
    changed();
    await showKey(body);
  };
  return (
    <FormDialog
      title={`Create an API key for ${owner.name}`}
      fields={keyFields(session.site.default_api_key_expiration_days)}
      submit="Create API key"
      send={send}
      leave={leave}
    />
  );
}

function keyFields(defaultDays: number): Field[] {
  return [
    { name: 'comments', label: 'Comment', kind: 'text', hint: 'To know the key by: where it is used, for instance.' },
    expiryField(Date.now(), defaultDays),
    {
      name: 'models',
      label: 'Only for these models',
      kind: 'text',
      hint: 'Model IDs with commas between them. Left empty, it calls every model that its owner may call.',
      check: value =>
        splitIds(value).every(id => !checkIdentifier(id)) ? undefined : 'Write model IDs with commas between them.',
    },
    {
      name: 'opens_applications',
      label: 'It opens applications too',
      kind: 'check',
      hint: 'Without this it calls models only.',
    },
  ];
}

/** As the API takes it: what was left empty is left out. */
export function toNewKey(values: Values): object {
  const models = splitIds(values['models'] ?? '');
  return {
    ...(values['comments'] ? { comments: values['comments'] } : {}),
    ...(values['expiry_date'] ? { expiry_date: values['expiry_date'] } : {}),
    ...(models.length > 0 ? { models } : {}),
    ...(values['opens_applications'] ? { audiences: ['API', 'Application'] } : {}),
  };
}

function splitIds(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map(id => id.trim())
    .filter(id => id !== '');
}
