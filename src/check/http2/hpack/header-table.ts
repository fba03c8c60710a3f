import { type Field, staticTable } from './static-table.ts';

/** What an entry costs beside its text (RFC 7541, 4.1). */
const entryOverhead = 32;

/** The header table of one direction of one connection: the static entries, then the dynamic ones, newest first (RFC 7541, 2.3). */
export class HeaderTable {
  /** Oldest first; what is evicted is taken away in the front. */
  #entries: Field[] = [];
  #size = 0;
  #sizeMax: number;
  #generation = 0;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  /** Another number after each change: an index means the same as long as this stays. */
  get generation(): number {
    return this.#generation;
  }

  at(index: number): Field | undefined {
    return index <= staticTable.length
      ? staticTable[index - 1]
      : this.#entries[this.#entries.length - (index - staticTable.length)];
  }

  /** Adds an entry, evicting what it takes; one larger than the table empties it (RFC 7541, 4.4). */
  add(field: Field): void {
    this.#generation += 1;
    const size = sizeOf(field);
    this.#evict(this.#sizeMax - size);
    if (size <= this.#sizeMax) {
      this.#entries.push(field);
      this.#size += size;
    }
  }

  resize(sizeMax: number): void {
    this.#generation += 1;
    this.#sizeMax = sizeMax;
    this.#evict(sizeMax);
  }

  #evict(sizeMax: number): void {
    let evicted = 0;
    while (this.#size > Math.max(0, sizeMax)) {
      this.#size -= sizeOf(this.#entries[evicted] as Field);
      evicted += 1;
    }
    if (evicted > 0) {
      this.#entries = this.#entries.slice(evicted);
    }
  }
}

function sizeOf({ name, value }: Field): number {
  return name.length + value.length + entryOverhead;
}

/** The size of a field as limits count it (RFC 9113, 6.5.2: SETTINGS_MAX_HEADER_LIST_SIZE). */
export { sizeOf as fieldSize };
