import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../../admin/schemas/sessions.ts';
import type { Api } from './api.ts';

interface SignedIn {
  readonly api: Api;
  readonly session: Session;
  readonly signOut: () => Promise<void>;
  /** Asks anew who is signed in, and for the settings that come with it. */
  readonly refresh: () => Promise<void>;
}

const SignedInContext = createContext<SignedIn | undefined>(undefined);

export function SignedInProvider({ value, children }: { value: SignedIn; children: ComponentChildren }) {
  return <SignedInContext.Provider value={value}>{children}</SignedInContext.Provider>;
}

/** The API and who is signed in. Only below the shell. */
export function useSignedIn(): SignedIn {
  const value = useContext(SignedInContext);
  if (value === undefined) {
    throw new Error('nobody is signed in here');
  }
  return value;
}

export const useApi = (): Api => useSignedIn().api;
