import type { Put } from './change-set.ts';
import { fieldNames } from './parse-change.ts';

/** 64 bits in two halves, each a 32-bit integer with a sign. */
export interface RowHash {
  readonly low: number;
  readonly high: number;
}

/** Odd, with bits well spread: of the golden ratio, and of a generator that is known to mix well. */
const lowFactor = 0x9e3779b1;
const highFactor = 0x5f356495;

/**
 * A hash of a row's kind and of every field that a check may read, whatever else the row has. It finds damage
 * and tells contents apart; it keeps out nobody who wants two rows to look alike. Total for fields of any type.
 */
export function rowHash({ kind, row }: Put): RowHash {
  const mixer = new Mixer();
  mixer.text(kind);
  for (const name of fieldNames[kind]) {
    mixer.value((row as unknown as Record<string, unknown>)[name]);
  }
  return { low: settle(mixer.low), high: settle(mixer.high) };
}

/** Each step can be undone, so that two rows which differ in one place only never meet again. */
class Mixer {
  low = 1;
  high = 2;

  /** Values of different types never look alike: each begins with a mark of its own. */
  value(value: unknown): void {
    if (typeof value === 'string') {
      this.text(value);
    } else if (Array.isArray(value)) {
      this.word(-2);
      this.word(value.length);
      for (const each of value) {
        this.value(each);
      }
    } else {
      this.word(typeof value === 'number' ? -3 : -4);
      this.text(String(value));
    }
  }

  text(text: string): void {
    this.word(text.length);
    let { low, high } = this;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, lowFactor);
      high = Math.imul(high ^ unit, highFactor);
      low ^= low >>> 15;
      high ^= high >>> 13;
    }
    this.low = low;
    this.high = high;
  }

  word(word: number): void {
    const low = Math.imul(this.low ^ word, lowFactor);
    const high = Math.imul(this.high ^ word, highFactor);
    this.low = low ^ (low >>> 15);
    this.high = high ^ (high >>> 13);
  }
}

/** Lets every bit depend on every other one, so that sums of hashes are as good as the hashes. */
function settle(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
