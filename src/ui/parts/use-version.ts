import { useReducer } from 'preact/hooks';

/** A number that a list is loaded anew by, and how to count it up when something was changed. */
export function useVersion(): [number, () => void] {
  const [version, changed] = useReducer((before: number, _: undefined) => before + 1, 0);
  return [version, () => changed(undefined)];
}
