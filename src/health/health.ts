/** State of one part; the detail says what an operator should know, and holds nothing secret. */
export interface ComponentHealth {
  readonly ok: boolean;
  readonly detail: string;
}

export type ComponentName = 'shutdown' | 'snapshot' | 'store';

/** Readiness by component: the process takes checks when every one is well. */
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

  read(): { ready: boolean; components: Record<string, ComponentHealth> } {
    const components = Object.fromEntries([...this.#components].map(([name, read]) => [name, read()]));
    return { ready: Object.values(components).every(({ ok }) => ok), components };
  }
}
