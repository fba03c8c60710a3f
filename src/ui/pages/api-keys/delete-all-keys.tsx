import { useEffect, useRef } from 'preact/hooks';
import type { ApiKeyList, DeletedCount } from '../../../admin/schemas/api-keys.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useLoaded } from '../../api/use-loaded.ts';
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
  const { data } = useLoaded(`${path} all ${version}`, (from, signal) =>
    from.get<ApiKeyList>(path, { page_size: countedMax, sort: '-last_used_at' }, signal),
  );
  const keys = data?.api_keys ?? [];
  const howMany = data?.next_page_token
    ? `more than ${counted(countedMax, 'API key')}`
    : counted(keys.length, 'API key');
  const recent = keys.filter(({ last_used_at }) => last_used_at && Date.parse(last_used_at) > Date.now() - recentlyMs);
  const ask = () =>
    confirm({
      title: `Delete all API keys of ${owner.name}?`,
      says: (
        <p>
          {owner.name} has {howMany}; {recent.length} of them were used in the last 7 days. Every call with any of them
          is refused at once. This can't be undone: who needs a key then has to make a new one.
        </p>
      ),
      verb: `Delete ${howMany}`,
      name: owner.name,
      act: async () => {
        const { body, revision } = await api.send<DeletedCount>('DELETE', path);
        tell(
          `${counted(body.deleted, 'API key')} of ${owner.name} ${body.deleted === 1 ? 'is' : 'are'} deleted.`,
          revision,
        );
        changed();
      },
    });
  useLetter('d', ask, hasShortcut && keys.length > 0);
  if (keys.length === 0) {
    return null;
  }
  return (
    <button type="button" class="danger" onClick={ask} aria-keyshortcuts={hasShortcut ? 'D' : undefined}>
      Delete all keys{hasShortcut && <kbd>D</kbd>}
    </button>
  );
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
