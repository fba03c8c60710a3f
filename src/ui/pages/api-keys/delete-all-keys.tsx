import { useEffect, useRef } from 'preact/hooks';
import type { ApiKeyList, DeletedCount } from '../../../admin/schemas/api-keys.ts';
import type { Api } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
import type { Question } from '../../parts/confirm-dialog.tsx';
import { counted } from '../../parts/in-words.ts';
import { useSurface } from '../../parts/surface.tsx';
import { type KeyOwner, keysPath } from './key-owner.ts';

interface Props {
  readonly owner: KeyOwner;
  readonly version: number;
  readonly changed: () => void;
  readonly hasShortcut: boolean;
}

/** More than this are not counted one by one. */
const countedMax = 1000;
const recentlyMs = 7 * 86_400_000;

/** Ends every key of an owner at once. In a hurry: D, the name, Enter. */
export function DeleteAllKeys({ owner, version, changed, hasShortcut }: Props) {
  const { api } = useSignedIn();
  const { confirm, tell } = useSurface();
  const path = keysPath(owner);
  const { data } = useLoaded(`${path} any ${version}`, (from, signal) =>
    from.get<ApiKeyList>(path, { page_size: 1 }, signal),
  );
  const hasKeys = data !== undefined && data.api_keys.length > 0;
  const question = async (): Promise<Question> => {
    const { howMany, recently } = await countKeys(api, path);
    return {
      title: `Delete all API keys of ${owner.name}?`,
      says: (
        <p>
          {owner.name} has {howMany}; {recently} of them were used in the last 7 days. Every call with any of them is
          refused at once. This can't be undone: who needs a key then has to make a new one.
        </p>
      ),
      verb: `Delete ${howMany}`,
      name: owner.name,
      act: async () => {
        const { body, revision } = await api.send<DeletedCount>('DELETE', path);
        const are = body.deleted === 1 ? 'is' : 'are';
        tell(`${counted(body.deleted, 'API key')} of ${owner.name} ${are} deleted.`, revision);
        changed();
      },
    };
  };
  const ask = () => confirm(question());
  useLetter('d', ask, hasShortcut && hasKeys);
  if (!hasKeys) {
    return null;
  }
  return (
    <button type="button" class="danger" onClick={ask} aria-keyshortcuts={hasShortcut ? 'D' : undefined}>
      Delete all keys{hasShortcut && <kbd>D</kbd>}
    </button>
  );
}

async function countKeys(api: Api, path: string): Promise<{ howMany: string; recently: number }> {
  const { api_keys, next_page_token } = await api.get<ApiKeyList>(path, {
    page_size: countedMax,
    sort: '-last_used_at',
  });
  const since = Date.now() - recentlyMs;
  return {
    howMany: `${next_page_token ? 'more than ' : ''}${counted(api_keys.length, 'API key')}`,
    recently: api_keys.filter(({ last_used_at }) => last_used_at !== null && Date.parse(last_used_at) > since).length,
  };
}

/** Does something when a letter is pressed that nobody is typing. */
function useLetter(letter: string, act: () => void, isOn: boolean): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!isOn) {
      return undefined;
    }
    const onKey = (event: KeyboardEvent) => {
      const isTyping = (event.target as Element).closest('input, textarea, select, dialog') !== null;
      if (event.key.toLowerCase() === letter && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        latest.current();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [letter, isOn]);
}
