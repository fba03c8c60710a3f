import { useEffect, useState } from 'preact/hooks';
import { typingPauseMs } from '../typing-pause.ts';

interface Props {
  readonly id: string;
  readonly typed: string;
  readonly suggest: (typed: string) => Promise<readonly string[]>;
}

/** Names that fit what was typed; where the server tells none, whatever is typed is taken all the same. */
export function Suggestions({ id, typed, suggest }: Props) {
  const [names, setNames] = useState<readonly string[]>([]);
  // `suggest` is another function each time, and does the same.
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(async () => {
      const found = typed.trim() === '' ? [] : await suggest(typed.trim()).catch(() => []);
      if (isWanted) {
        setNames(found);
      }
    }, typingPauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [typed]);
  return (
    <datalist id={id}>
      {names.map(name => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
