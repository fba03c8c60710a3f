import { inWords } from './in-words.ts';

/** An instant as people say it; the exact one, in UTC, on hover. */
export function Time({ at }: { at: string }) {
  const exact = `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
  return (
    <time dateTime={at} title={exact}>
      {inWords(Date.parse(at), Date.now())}
    </time>
  );
}

/** The day of an instant in UTC, with its distance. */
export function Day({ at }: { at: string }) {
  return (
    <span class="number">
      {at.slice(0, 10)} (<Time at={at} />)
    </span>
  );
}
