import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import { copyOf, type FuzzSite } from './fuzz-site.ts';
import type { History } from './history.ts';
import { narrowCall } from './narrow-call.ts';
import { anyChange } from './random-change.ts';
import type { Run } from './run.ts';
import type { ServerLine } from './server-line.ts';
import { documentOf, type Filler, fillerKeys, fillerProject, keysOf, projectsOf } from './site-document.ts';

/** More rows than are applied in one go, and now and then more than are applied at all: then the index is built anew. */
const fillerRows = [260, 260, 300, 400, 400, 700, 1000, 2600];

/** Changes the site of a server, one after the other, and tells the history before and after each. */
export class SiteChanger {
  readonly #line: ServerLine;
  readonly #dice: Dice;
  #site: FuzzSite;
  #filler: Filler;

  constructor(line: ServerLine, site: FuzzSite, dice: Dice) {
    this.#line = line;
    this.#dice = dice;
    this.#site = site;
    this.#filler = { keys: 0, models: 0, stamp: 0 };
  }

  /** Makes the site; answers the revision at which checks may begin. */
  async fill(): Promise<number | undefined> {
    const rows = this.#dice.pick(fillerRows);
    this.#filler = { keys: rows, models: rows, stamp: 0 };
    return this.#apply(documentOf(this.#site), true);
  }

  async run(run: Run, history: History): Promise<void> {
    while (!run.isOver) {
      const isLarge = this.#dice.chance(0.06);
      await (isLarge ? this.#changeMuch(history) : this.#change(history));
      run.counts.changes += 1;
      run.counts.largeChanges += isLarge ? 1 : 0;
      await sleep(this.#dice.pick([0, 1, 5, 20, 60]));
    }
  }

  async #change(history: History): Promise<void> {
    const before = this.#site;
    const revoked = this.#dice.chance(0.03) ? this.#dice.pick([...before.keys.keys()]) : undefined;
    const after = revoked === undefined ? anyChange(before, 'all', this.#dice) : copyOf(before);
    if (revoked !== undefined) after.keys.delete(revoked);
    const whole = { method: 'POST', path: applyPath(true), body: documentOf(after) } as const;
    const narrow = narrowCall(before, after);
    await this.#make(history, after, false, () => this.#line.change(narrow ?? whole));
  }

  /** Rows that decide calls among hundreds that do not: all of one kind, or of several, of which some are deleted. */
  async #changeMuch(history: History): Promise<void> {
    const of = this.#dice.pick(['keys', 'models', 'all'] as const);
    const after = anyChange(this.#site, of, this.#dice);
    this.#filler = { ...this.#filler, stamp: this.#filler.stamp + 1 };
    const document = documentOf(after);
    const filler = this.#filler;
    const isEmptied = this.#dice.chance(0.3);
    const [keys, projects] = [keysOf(after), projectsOf(after)];
    const fillerProjects = [isEmptied && of === 'all' ? { project_id: 'filler', models: [] } : fillerProject(filler)];
    // What decides calls stands on both sides of what does not, so that hundreds of rows lie between.
    const documents = {
      keys: { api_keys: [...keys.slice(0, 5), ...fillerKeys(filler), ...keys.slice(5)] },
      models: { projects: [...projects.slice(0, 1), ...fillerProjects, ...projects.slice(1)] },
      all: { ...document, projects: [...projects.slice(0, 1), ...fillerProjects, ...projects.slice(1)] },
    };
    await this.#make(history, after, true, () => this.#apply(documents[of], of === 'all'));
  }

  async #make(
    history: History,
    after: FuzzSite,
    isLarge: boolean,
    change: () => Promise<number | undefined>,
  ): Promise<void> {
    history.begin(after, isLarge);
    history.acknowledge(await change());
    this.#site = after;
  }

  #apply(document: unknown, prune: boolean): Promise<number | undefined> {
    return this.#line.change({ method: 'POST', path: applyPath(prune), body: document });
  }
}

function applyPath(prune: boolean): string {
  return `/api/v2/site:apply?prune=${prune}`;
}
