import { secondsOf } from './units.ts';

export type Scalar = string | number | boolean;

/** Where a value stands: 1-based number of its document, the Kubernetes object that this is, path in it, 1-based line. */
export interface Place {
  readonly document: number;
  /** `SecurityPolicy models/modelgate`; empty where the document is none. */
  readonly object: string;
  readonly path: string;
  readonly line: number;
}

export type Content =
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, ConfigNode> }
  | { readonly kind: 'list'; readonly items: readonly ConfigNode[] }
  | { readonly kind: 'scalar'; readonly value: Scalar }
  | { readonly kind: 'absent' };

/** YAML 1.1, which Kubernetes reads, and Envoy's own reader take these for true too. */
const trueWords = /^(true|yes|on|y)$/i;
const falseWords = /^(false|no|off|n)$/i;

/**
 * One value of a config with its place. What is asked for and not there is a node too, absent, at its parent's line:
 * so a rule never has to test the way to what it wants.
 */
export class ConfigNode {
  readonly place: Place;
  /** The member's name where it stands in a mapping, as it was written. */
  readonly key: string;
  readonly parent: ConfigNode | undefined;
  #content: Content = { kind: 'absent' };

  constructor(place: Place, key = '', parent?: ConfigNode) {
    this.place = place;
    this.key = key;
    this.parent = parent;
  }

  /** Called once, by who builds the tree: children know their parent, so the parent comes first. */
  fill(content: Content): this {
    this.#content = content;
    return this;
  }

  /** false where nothing is written, or null. */
  get exists(): boolean {
    return this.#content.kind !== 'absent';
  }

  /** A member, or a member of a member. Envoy and Istio read snake_case and camelCase alike, and so does this. */
  get(...names: readonly string[]): ConfigNode {
    return names.reduce<ConfigNode>((node, name) => node.#member(name), this);
  }

  #member(name: string): ConfigNode {
    const found = this.#content.kind === 'map' ? this.#content.members.get(canonical(name)) : undefined;
    const path = this.place.path === '' ? name : `${this.place.path}.${name}`;
    return found ?? new ConfigNode({ ...this.place, path }, name, this);
  }

  /** Of a list; empty for anything else. */
  get items(): readonly ConfigNode[] {
    return this.#content.kind === 'list' ? this.#content.items : [];
  }

  /** Of a mapping; empty for anything else. */
  get members(): readonly ConfigNode[] {
    return this.#content.kind === 'map' ? [...this.#content.members.values()] : [];
  }

  get isMap(): boolean {
    return this.#content.kind === 'map';
  }

  get isList(): boolean {
    return this.#content.kind === 'list';
  }

  get text(): string | undefined {
    return this.#content.kind === 'scalar' ? String(this.#content.value) : undefined;
  }

  get isTrue(): boolean {
    return trueWords.test(this.text ?? '');
  }

  get isFalse(): boolean {
    return falseWords.test(this.text ?? '');
  }

  /** Numbers may be quoted in protobuf's JSON; undefined for what is no number. */
  get number(): number | undefined {
    const text = this.text?.trim() ?? '';
    const value = text === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  }

  get seconds(): number | undefined {
    return secondsOf(this.text ?? '');
  }

  /** This node and all below it. */
  *walk(): Generator<ConfigNode> {
    yield this;
    for (const child of [...this.items, ...this.members]) {
      yield* child.walk();
    }
  }
}

/** One spelling for `max_request_bytes` and `maxRequestBytes`. */
export function canonical(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_found, letter: string) => letter.toUpperCase());
}
