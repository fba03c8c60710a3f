import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useSignedIn } from '../api/session.tsx';
import { holdsSecret, secretSearched } from '../parts/holds-secret.ts';
import { typingPauseMs } from '../parts/typing-pause.ts';
import { type Find, findEverywhere } from './find-everywhere.ts';

/** Finds a project, a model, a user or a Key ID from anywhere; `/` brings the focus here. */
export function Search() {
  const { api, session } = useSignedIn();
  const [typed, setTyped] = useState('');
  const isSecret = holdsSecret(typed);
  const [finds, setFinds] = useState<readonly Find[]>();
  const box = useRef<HTMLElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const close = () => {
    setTyped('');
    setFinds(undefined);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as Element;
      const isTyping = target.closest('input, textarea, select, dialog') !== null;
      if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => {
    if (typed.trim() === '' || isSecret) {
      setFinds(undefined);
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const found = await findEverywhere(api, session, typed.trim(), abort.signal);
      if (!abort.signal.aborted) {
        setFinds(found);
      }
    }, typingPauseMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [typed, isSecret, api, session]);
  return (
    <search
      ref={box}
      class="search"
      onKeyDown={event => moveIn(box.current, event, close)}
      onFocusOut={event => box.current?.contains(event.relatedTarget as Node | null) || setFinds(undefined)}
    >
      <label for={id} class="unseen">
        Search projects, models, users and Key IDs
      </label>
      <input
        ref={input}
        id={id}
        type="search"
        placeholder="Search ( / )"
        autocomplete="off"
        value={typed}
        onInput={event => setTyped(event.currentTarget.value)}
      />
      {isSecret && (
        <p class="finds fault" role="alert">
          {secretSearched}
        </p>
      )}
      {finds && (
        <ul class="finds">
          {finds.length === 0 && <li role="status">Nothing is found.</li>}
          {finds.map(({ kind, text, href }) => (
            <li key={href}>
              <a href={href} onClick={close}>
                {text} <span class="soft">{kind}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

/** Arrows go through what was found, Esc leaves it, Enter in the field goes to the first. */
function moveIn(box: HTMLElement | null, event: KeyboardEvent, close: () => void): void {
  const stops = [...(box?.querySelectorAll<HTMLElement>('input, .finds a') ?? [])];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (event.key === 'Escape') {
    close();
    stops[0]?.focus();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    stops[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  } else if (event.key === 'Enter' && at === 0) {
    event.preventDefault();
    stops[1]?.click();
  }
}
