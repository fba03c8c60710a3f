import type { ApiError } from '../api/api.ts';

interface Props {
  readonly error: ApiError;
  readonly retry?: (() => void) | undefined;
  /** What could not be loaded, where that is the whole page. */
  readonly page?: string;
}

/** Why something could not be loaded, with a way to try again. */
export function Problem({ error, retry, page }: Props) {
  return (
    <>
      {page && <h1>{page}</h1>}
      <div class="problem" role="alert">
        <p>{sentence(error.message)}</p>
        {retry && (
          <button type="button" onClick={retry}>
            Try again
          </button>
        )}
      </div>
    </>
  );
}

/** The API's messages begin small and end open, to be part of a line of a log. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
