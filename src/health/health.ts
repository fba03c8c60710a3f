/** State of one part; the detail says what an operator should know, and holds nothing secret. */
export interface ComponentHealth {
  readonly ok: boolean;
  readonly detail: string;
  /** Set where what does not work is nothing that a check needs: then the process stays ready. */
  readonly checksGoOn?: boolean;
}

export type ComponentName = 'shutdown' | 'snapshot' | 'store' | 'clock';

/** Readiness by component: the process takes checks when every one that they need is well. */
export class Health {
  readonly #components = new Map<ComponentName, () => ComponentHealth>();
  #shuttingDown = false;

  constructor() {
    this.#components.set('shutdown', () =>
      this.#shuttingDown ? { ok: false, detail: 'the process is ending' } : { ok: true, detail: 'not asked for' },
    );
  }

  add(name: ComponentName, read: () => ComponentHealth): void {
    this.#components.set(name, read);
  }

  /** From now on this process is not ready, whatever else holds. */
  shutDown(): void {
    this.#shuttingDown = true;
  }

  read(): { ready: boolean; components: Record<string, { readonly ok: boolean; readonly detail: string }> } {
    const read = [...this.#components].map(([name, component]) => [name, component()] as const);
    return {
      ready: read.every(([, { ok, checksGoOn }]) => ok || checksGoOn === true),
      components: Object.fromEntries(read.map(([name, { ok, detail }]) => [name, { ok, detail }])),
    };
  }
}
