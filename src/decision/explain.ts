import { toLookupDigest } from '../keys/digest.ts';
import { decide, type Question } from './decide.ts';
import type { Decision } from './decision.ts';
import { type RuleId, rules } from './decision-rules.ts';
import { type LookedUp, RecordingSnapshot } from './recording-snapshot.ts';

/** One rule as it was asked. */
export interface ExplainedStep {
  readonly rule: RuleId;
  readonly question: string;
  readonly met: boolean;
  /** Whether a "no" refuses the call; where authentication is off, rules about the caller only tell (B7, B45). */
  readonly binding: boolean;
  /** What was looked up to answer it. */
  readonly rows: readonly LookedUp[];
}

export interface Explanation {
  readonly decision: Decision;
  readonly steps: readonly ExplainedStep[];
}

export interface ExplainOptions extends Question {
  /** Digests, in hex, of stand-ins for keys that are known by their Key ID only, with the digests of the keys themselves. */
  readonly aliases?: ReadonlyMap<string, string>;
}

/** Decides as a check would, by the same code, and tells each rule that was asked and the rows that answered it. */
export function explain({ published, aliases, ...question }: ExplainOptions): Explanation {
  const recording = published && new RecordingSnapshot(published.snapshot, forLookup(aliases));
  const seen = published && recording && { ...published, snapshot: recording };
  const steps: ExplainedStep[] = [];
  let open = false;
  const decision = decide({ ...question, published: seen }, (rule, met) => {
    const rows = recording?.take() ?? [];
    // B23 looks nothing up: what is left there told only who a refused caller is.
    const isAboutModel = rule === 'B23';
    steps.push({ rule, question: rules[rule], met, binding: !open || isAboutModel, rows: isAboutModel ? [] : rows });
    open ||= rule === 'B13';
    return met;
  });
  return { decision, steps };
}

function forLookup(aliases: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  return new Map([...aliases].map(([standIn, key]) => [toLookupDigest(standIn), toLookupDigest(key)]));
}
