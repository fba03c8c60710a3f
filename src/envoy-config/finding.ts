import type { ConfigNode, Place } from './documents/config-node.ts';
import { type RuleId, rules, type Severity } from './finding-rules.ts';

export interface Finding extends Place {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly why: string;
  /** YAML to put there; what is no YAML in it is a comment. */
  readonly write: string;
}

/** What the rules compare with. */
export interface Limits {
  /** `--body-bytes-max` of `modelgate serve`. */
  readonly bodyBytesMax: number;
}

/** What one kind of config yields. */
export interface Report {
  readonly findings: readonly Finding[];
  /** What was looked at, each in a few words. */
  readonly checked: readonly string[];
  /** What could not be looked at, and why. */
  readonly notChecked: readonly string[];
}

/** What a part of a config yields. */
export type Judged = Pick<Report, 'findings' | 'notChecked'>;

export function joinJudged(parts: readonly Judged[]): Judged {
  return {
    findings: parts.flatMap(({ findings }) => findings),
    notChecked: [...new Set(parts.flatMap(({ notChecked }) => notChecked))],
  };
}

export function finding(rule: RuleId, { place }: ConfigNode, write: string): Finding {
  return { rule, ...rules[rule], ...place, write };
}

/** For a rule's list: the finding where the condition holds. */
export function findingIf(condition: boolean, rule: RuleId, node: ConfigNode, write: string): readonly Finding[] {
  return condition ? [finding(rule, node, write)] : [];
}

/** A buffer or window that a body of this size fits in with room to spare: 8 MiB as shipped, or the next power of two. */
export function roomFor(bytes: number): number {
  return Math.max(8 * 1024 * 1024, 2 ** (Math.floor(Math.log2(Math.max(1, bytes))) + 1));
}
