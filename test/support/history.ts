import type { AdminClient, ApiAnswer } from './admin-client.ts';
import { type CallOptions, type CheckClient, modelCall } from './check-client.ts';
import { beginRevocations, makeRevocation, NotMade } from './revocations.ts';

const keys = '/api/v2/users/root/v2_keys';
const model = '/api/v2/projects/p/models/fraud';

/** One change that was asked for, and when: in whatever the caller's mark counts, such as bytes of a log. */
interface Step {
  readonly begun: number;
  /** undefined: no answer came. */
  acknowledged: number | undefined;
  revision: number;
}

interface KeyStep extends Step {
  readonly action: 'create' | 'delete';
  readonly bearer: string;
}
interface ValueStep extends Step {
  value: string;
}

interface RevokeStep extends Step {
  readonly way: string;
  readonly call: CallOptions;
}

const unknownValue = 'unknown';

function unanswered(begun: number): Step {
  return { begun, acknowledged: undefined, revision: 0 };
}

/** Whom a server is asked by: a process or one within this process. */
export interface Asked {
  readonly admin: AdminClient;
  readonly checks: CheckClient;
}

/** What was asked of a server and what it acknowledged, so that after a crash it can be held to it. */
export class History {
  readonly #mark: () => number;
  readonly #keys: KeyStep[] = [];
  readonly #accessKeys: ValueStep[] = [];
  readonly #days: ValueStep[] = [];
  readonly #revoked: RevokeStep[] = [];
  /** Seen while changes were made. */
  readonly #seen: string[] = [];
  #steady = '';
  #looked = { keys: 0, revoked: 0 };

  constructor(mark: () => number) {
    this.#mark = mark;
  }

  get acknowledged(): number {
    return this.#steps().filter(step => step.acknowledged !== undefined).length;
  }

  /** In how many ways something was revoked, and that acknowledged. */
  get waysToRevoke(): number {
    return new Set(this.#revoked.filter(step => step.acknowledged !== undefined).map(({ way }) => way)).size;
  }

  #steps(): Step[] {
    return [...this.#keys, ...this.#accessKeys, ...this.#days, ...this.#revoked];
  }

  /** Makes the site that the changes are made on. */
  async begin(admin: AdminClient): Promise<void> {
    const project = { project_id: 'p', owner: { username: 'root' }, models: [{ model_id: 'fraud' }] };
    await admin.post('/api/v2/site:apply', { projects: [project], settings: { default_api_key_expiration_days: 365 } });
    this.#steady = await beginRevocations(admin);
    const first = { begun: -1, acknowledged: this.#mark(), revision: 0 };
    this.#accessKeys.push({ ...first, value: (await admin.get(model)).body.access_key });
    this.#days.push({ ...first, value: '365' });
  }

  /** Makes changes, three at a time, until the server answers no more. */
  async write(asked: Asked): Promise<void> {
    const writing = [this.#writeKeys(asked.admin), this.#writeValues(asked.admin), this.#revoke(asked)];
    await Promise.all(writing.map(each => each.catch(() => undefined)));
  }

  async #writeKeys(admin: AdminClient): Promise<never> {
    const live: { key_id: string; api_key: string }[] = [];
    for (;;) {
      // The secret is known only with the answer: a key that was not acknowledged can't be asked for.
      const begun = this.#mark();
      const made = await admin.post(keys, {});
      if (made.status === 201) {
        const step = { action: 'create', bearer: made.body.api_key, ...unanswered(begun) } as const;
        this.#keys.push(step);
        this.#acknowledge(step, made);
        live.push(made.body);
      }
      const oldest = live.length > 2 ? live.shift() : undefined;
      if (oldest) {
        const step = { action: 'delete', bearer: oldest.api_key, ...unanswered(this.#mark()) } as const;
        this.#keys.push(step);
        this.#acknowledge(step, await admin.delete(`${keys}/${oldest.key_id}`));
      }
    }
  }

  async #writeValues(admin: AdminClient): Promise<never> {
    for (let days = 366; ; days += 1) {
      const setting = { value: String(days), ...unanswered(this.#mark()) };
      this.#days.push(setting);
      this.#acknowledge(setting, await admin.patch('/api/v2/settings', { default_api_key_expiration_days: days }));
      // What is regenerated is known only with the answer; until then the access key may be any.
      const regenerated = { value: unknownValue, ...unanswered(this.#mark()) };
      this.#accessKeys.push(regenerated);
      const answer = await admin.post(`${model}:regenerate_access_key`);
      regenerated.value = answer.body.access_key ?? unknownValue;
      this.#acknowledge(regenerated, answer);
    }
  }

  async #revoke({ admin, checks }: Asked): Promise<never> {
    for (;;) {
      const next = await makeRevocation(admin, this.#steady, this.#revoked).catch(fault => {
        if (!(fault instanceof NotMade)) throw fault;
      });
      if (next) {
        const { way, call, revoke } = next;
        // What nobody could call before would prove nothing by being refused.
        const before = await verdict(checks, call);
        if (before !== 'allow') this.#seen.push(`what is to be ${way} is refused before: ${before}`);
        const step = { way, call, ...unanswered(this.#mark()) };
        this.#revoked.push(step);
        this.#acknowledge(step, await revoke());
      }
    }
  }

  /** Only an answer of success promises anything. */
  #acknowledge(step: Step, { status, headers }: ApiAnswer): void {
    if (status < 300) {
      step.acknowledged = this.#mark();
      step.revision = Number(headers.get('x-modelgate-revision'));
    }
  }

  /** The newest revision that was acknowledged before a mark. */
  revisionAt(mark = Number.POSITIVE_INFINITY): number {
    return Math.max(
      0,
      ...this.#steps()
        .filter(step => wasAcknowledged(step, mark))
        .map(({ revision }) => revision),
    );
  }

  /** What a server has forgotten, or allows again, of what was acknowledged before a mark; empty: nothing. */
  async faults({ admin, checks }: Asked, mark = Number.POSITIVE_INFINITY): Promise<string[]> {
    const faults = this.#seen.splice(0);
    const looksAtAll = mark !== Number.POSITIVE_INFINITY;
    const accessKey: string = (await admin.get(model)).body.access_key;
    const days = (await admin.get('/api/v2/settings')).body.default_api_key_expiration_days;
    if (!possible(this.#days, mark).includes(String(days))) {
      faults.push(`the setting is ${days}`);
    }
    const accessKeys = possible(this.#accessKeys, mark);
    if (!accessKeys.includes(accessKey) && !accessKeys.includes(unknownValue)) {
      faults.push('the access key is none that it can be');
    }
    for (const { value } of this.#accessKeys.slice(-20).filter(({ value }) => !accessKeys.includes(value))) {
      const known = (await verdict(checks, { accessKey: value, bearer: '' })) !== 'access_key_unknown';
      if (known && value !== accessKey) faults.push('a regenerated access key is back');
    }
    const gone = new Set(
      this.#keys.filter(each => each.action === 'delete' && each.begun <= mark).map(each => each.bearer),
    );
    for (const each of this.#keys.slice(looksAtAll ? 0 : this.#looked.keys)) {
      const isAllowed = (await verdict(checks, { accessKey, bearer: each.bearer })) === 'allow';
      const acknowledged = wasAcknowledged(each, mark);
      if (acknowledged && each.action === 'delete' && isAllowed) faults.push('a deleted key is ALLOWED');
      if (acknowledged && each.action === 'create' && !gone.has(each.bearer) && !isAllowed)
        faults.push('a key is lost');
    }
    for (const each of this.#revoked.slice(looksAtAll ? 0 : this.#looked.revoked)) {
      const isRevoked = wasAcknowledged(each, mark);
      if (isRevoked && (await verdict(checks, each.call)) === 'allow') faults.push(`what was ${each.way} is ALLOWED`);
    }
    return faults;
  }

  /** From here on only what is newer is looked at; without it, all of it. */
  lookOnlyAtNew(): void {
    const newest = (steps: readonly Step[]) => Math.max(0, steps.length - 10);
    this.#looked = { keys: newest(this.#keys), revoked: newest(this.#revoked) };
  }

  lookAtAll(): void {
    this.#looked = { keys: 0, revoked: 0 };
  }
}

function wasAcknowledged({ acknowledged }: Step, mark: number): boolean {
  return acknowledged !== undefined && acknowledged <= mark;
}

/** The values that a thing may have: the last one acknowledged before the mark, or one that was begun after that. */
function possible(steps: readonly ValueStep[], mark: number): string[] {
  const last = steps.findLastIndex(step => wasAcknowledged(step, mark));
  return steps.filter((step, at) => at >= last && step.begun <= mark).map(({ value }) => value);
}

async function verdict(checks: CheckClient, call: CallOptions): Promise<string> {
  const { okResponse, deniedResponse } = await checks.check(modelCall(call));
  const reason = deniedResponse?.headers.find(({ header }) => header?.key === 'x-modelgate-reason');
  return okResponse ? 'allow' : String(reason?.header?.value);
}
