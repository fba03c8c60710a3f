import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from './api.ts';

/** Who is signed in, as `/sessions/current` says it. */
export interface Session {
  readonly username: string;
  readonly name: string;
  readonly site_admin: boolean;
  readonly csrf_token: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly idle_expires_at: string;
  readonly sign_in_method: 'legacy_key' | 'link' | 'oidc';
  readonly expiring_keys: { readonly within_7_days: number; readonly within_30_days: number };
}

interface SignedIn {
  readonly api: Api;
  readonly session: Session;
  readonly signOut: () => Promise<void>;
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
