import { FailureThrottle, sourceOfUser } from './failure-throttle.ts';

const now = () => performance.now();
/** What nobody has, by source address: behind one address many people may sign in. Memory: some 2 MB at most. */
const failures = { burst: 30, perSecond: 0.5, sourcesMax: 10_000, now };
/** Sign-ins of one user, by whoever holds its credential: each writes to the disk. */
const signIns = { burst: 60, perSecond: 0.5, sourcesMax: 10_000, now };

/**
 * Slows sign-ins down, by address where they fail and by account where they succeed (T35). Who fails in the name of
 * another keeps only its own address waiting, and nobody waits longer than two seconds.
 */
export class SignInThrottle {
  readonly #byAddress = new FailureThrottle(failures);
  readonly #byAccount = new FailureThrottle(signIns);

  /** Whole seconds until the address may try again. */
  waitOfAddress(address: string): number {
    return this.#byAddress.waitSeconds(address);
  }

  failed(address: string): void {
    this.#byAddress.failed(address);
  }

  /** Whole seconds until the user may be signed in again; 0 counts as a sign-in. */
  waitOfAccount(username: string): number {
    const account = sourceOfUser(username);
    const wait = this.#byAccount.waitSeconds(account);
    if (wait === 0) {
      this.#byAccount.failed(account);
    }
    return wait;
  }
}
