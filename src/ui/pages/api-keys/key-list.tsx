import type { ApiKey, ApiKeyList } from '../../../admin/schemas/api-keys.ts';
import { apiPath } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { List } from '../../parts/list/list.tsx';
import { useSurface } from '../../parts/surface.tsx';
import { Time } from '../../parts/time.tsx';
import { useDoing } from '../../parts/use-doing.ts';
import { useVersion } from '../../parts/use-version.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { DeleteAllKeys } from './delete-all-keys.tsx';
import { CreatedCell, ExpiryCell, LastUseCell, RotationCell, ScopeCell } from './key-cells.tsx';
import { type KeyOwner, keysPath } from './key-owner.ts';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';

interface Props {
  readonly owner: KeyOwner;
  /** Goes before the names in the address, where the page has other lists. */
  readonly prefix?: string;
  /** Whether the letter D asks for all of them to be deleted. */
  readonly hasShortcut?: boolean;
  /** Whether keys are made and rotated here: nobody does so for another site admin. */
  readonly mayMake?: boolean;
}

/** The API keys of a user or an application, and all that can be done with them. */
export function KeyList({ owner, prefix = '', hasShortcut = false, mayMake = true }: Props) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const doing = useDoing();
  const [version, changed] = useVersion();
  const path = keysPath(owner);
  const create = (
    <button type="button" class="main" onClick={() => doing.begin('create-key')}>
      Create API key
    </button>
  );
  const deleteKey = (key: ApiKey) =>
    confirm({
      title: `Delete API key ${key.key_id}?`,
      says: <WhatStops apiKey={key} />,
      verb: 'Delete API key',
      act: async () => {
        const { revision } = await api.send('DELETE', path + apiPath`/${key.key_id}`);
        tell(`API key ${key.key_id} is deleted: calls with it are refused.`, revision);
        changed();
      },
    });
  return (
    <>
      <div class="actions">
        {mayMake && create}
        <DeleteAllKeys owner={owner} version={version} changed={changed} hasShortcut={hasShortcut} />
      </div>
      <List<ApiKey>
        title="API keys"
        noun={['API key', 'API keys']}
        path={path}
        prefix={prefix}
        version={version}
        entriesOf={(body: ApiKeyList) => body.api_keys}
        idOf={key => key.key_id}
        search="Find by Key ID or comment"
        filters={[
          {
            name: 'expired',
            label: 'Expired',
            options: [
              { value: 'true', text: 'only expired' },
              { value: 'false', text: 'only others' },
            ],
          },
        ]}
        columns={[
          { title: 'Key ID', sort: 'key_id', cell: key => <code>{key.key_id}</code> },
          { title: 'Comment', cell: key => key.comments },
          { title: 'Scope', cell: key => <ScopeCell apiKey={key} /> },
          { title: 'Created', sort: 'created_at', cell: key => <CreatedCell apiKey={key} /> },
          { title: 'Expires', sort: 'expiry_date', cell: key => <ExpiryCell apiKey={key} /> },
          { title: 'Last use', sort: 'last_used_at', cell: key => <LastUseCell apiKey={key} /> },
          { title: 'Rotation', cell: key => <RotationCell apiKey={key} /> },
          {
            title: '',
            cell: key => (
              <span class="row-actions">
                {mayMake && isRotatable(key) && (
                  <button
                    type="button"
                    aria-label={`Rotate ${key.key_id}`}
                    onClick={() => doing.begin('rotate-key', key.key_id)}
                  >
                    Rotate
                  </button>
                )}
                <button type="button" class="danger" aria-label={`Delete ${key.key_id}`} onClick={() => deleteKey(key)}>
                  Delete
                </button>
              </span>
            ),
          },
        ]}
        empty={
          <p>
            An API key says who calls a model: it goes with each call as a Bearer. {owner.name} has none. The key itself
            is shown once, when it is made.
          </p>
        }
      />
      {doing.act === 'create-key' && <CreateKeyDialog owner={owner} changed={changed} leave={doing.end} />}
      {doing.act === 'rotate-key' && (
        <RotateKeyDialog owner={owner} keyId={doing.on} changed={changed} leave={doing.end} />
      )}
    </>
  );
}

function isRotatable({ ended_at, expired, replaced_by }: ApiKey): boolean {
  return ended_at === null && !expired && replaced_by === null;
}

function WhatStops({ apiKey }: { apiKey: ApiKey }) {
  const { username, last_used_at, last_used_model } = apiKey;
  if (last_used_at === null) {
    return <p>{username} never made a call with it. Any that come from now on are refused.</p>;
  }
  return (
    <p>
      Calls of {username} with it are refused at once. It was last used <Time at={last_used_at} />, for{' '}
      {last_used_model}.
    </p>
  );
}
