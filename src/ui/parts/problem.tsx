import type { ApiError } from '../api/api.ts';

/** Why something could not be loaded, with a way to try again. */
export function Problem({ error, retry }: { error: ApiError; retry?: (() => void) | undefined }) {
  return (
    <div class="problem" role="alert">
      <p>{sentence(error.message)}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The API's messages begin small and end open, to be part of a line of a log. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
