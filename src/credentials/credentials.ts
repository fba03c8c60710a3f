/** What a request says of itself, before any of it is believed. */

/** The headers in which clients of models send their key. */
export const apiKeyHeaders = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;
export type ApiKeyHeader = (typeof apiKeyHeaders)[number];

/** The headers that say something of credentials or of the body that may hold one, in lower case. */
export type CredentialHeader = ApiKeyHeader | 'x-model-access-key' | 'content-encoding' | 'x-envoy-auth-partial-body';

/** The parts of a request in which a credential may sit; the wire's two header forms look alike here. */
export interface CredentialSource {
  /** Value of a header; repeats are joined by `,` as Envoy does. Absent: undefined. */
  header(name: CredentialHeader): string | undefined;
  /** The length that `content-length` announces, as readLength reads it. */
  readonly contentLength: number | undefined;
  /** Path with its query string, as the client sent it; one without a query may be left out, since no more of it is read. */
  readonly path: string;
  /** Query string alone, for proxies that send it apart; usually empty. */
  readonly query: string;
  /** The body as far as the proxy buffered it. */
  readonly body: Buffer;
  /** Model that the route pins (B6a); undefined where the route pins none. */
  readonly pin: string | undefined;
}

/** Which model the request names (B2 to B5). */
export type AccessKeyClaim =
  | { readonly kind: 'one'; readonly accessKey: string }
  | { readonly kind: 'absent' }
  /** The body's member `accessKey` is no string: refused, also beside another placement (B2). */
  | { readonly kind: 'not_a_string' }
  | { readonly kind: 'ambiguous' }
  /** Only the part of the body that did not arrive can hold it (B5); what was seen may contradict a pin (B6a). */
  | { readonly kind: 'incomplete'; readonly seen: SeenInPart };

/** What a part of a body says, of which more is to come. */
export type SeenInPart = Extract<AccessKeyClaim, { readonly kind: 'one' | 'absent' | 'not_a_string' }>;

/** Who the request says is calling (B6). */
export type ApiKeyClaim =
  | { readonly kind: 'one'; readonly apiKey: string }
  | { readonly kind: 'absent' }
  /** Something stands there that is no API key: Basic, a comma, a byte outside printable ASCII. */
  | { readonly kind: 'malformed' }
  /** Several headers that are not all one key: which of them counts is told by who knows the keys (B53). */
  | { readonly kind: 'several'; readonly sent: readonly SentKey[] };

/** One of several headers of API keys: its trimmed value, and the key that it would be; undefined where it can be none. */
export interface SentKey {
  readonly value: string;
  readonly apiKey: string | undefined;
}

export interface Credentials {
  readonly accessKey: AccessKeyClaim;
  readonly apiKey: ApiKeyClaim;
  readonly pin: string | undefined;
  /** Whether a query parameter named exactly `accessKey` is there, to be taken away before the upstream (B25). */
  readonly accessKeyInQuery: boolean;
}
