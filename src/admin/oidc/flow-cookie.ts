import { createHmac } from 'node:crypto';
import { digestOf } from '../../keys/digest.ts';
import { type HostCookie, hostCookie } from '../sign-in/host-cookie.ts';

/** What a browser carries from the start of a sign-in at the provider to its end: three values that have nothing to do with each other (T34). */
export interface Flow {
  /** Comes back in the query: the answer is to this browser's question. */
  readonly state: string;
  /** Comes back in the ID token: the token was made for this question. */
  readonly nonce: string;
  /** Sent with the code (PKCE): who redeems it is who asked. */
  readonly verifier: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
}

const flowCookie = 'modelgate_oidc_';
const flowCookiePath = '/api/v2/oidc';
/** Sign-ins that a browser may have under way: what it sends stays far below what a server reads. */
const flowsMax = 8;
/** Time for a person to sign in at the provider, in milliseconds. */
export const flowLifeMs = 600_000;

/** The cookie of the flow with this state: each tab's has its own, and ends without those of others. */
export function flowCookieOf(state: string, overTls: boolean): HostCookie {
  return flowCookieBy(digestOf(state).slice(0, 16), overTls);
}

function flowCookieBy(id: string, overTls: boolean): HostCookie {
  return hostCookie(flowCookie + id, flowCookiePath, overTls);
}

/** Writes and reads the cookie of a flow. It needs no memory of ours, so that any process of a site can end what another began. */
export class FlowSeal {
  readonly #key: Buffer;

  /** `secret` is known to all processes of the site, and to no browser. */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('modelgate sign-in flow').digest();
  }

  seal(flow: Flow): string {
    const text = Buffer.from(JSON.stringify(flow)).toString('base64url');
    return `${text}.${this.#mark(text)}`;
  }

  /** undefined: it is none of ours, or its time is over. */
  open(sealed: string | undefined, now: number): Flow | undefined {
    const [text = '', mark = '', ...more] = (sealed ?? '').split('.');
    if (more.length > 0 || digestOf(mark) !== digestOf(this.#mark(text))) {
      return undefined;
    }
    const flow: Flow = JSON.parse(Buffer.from(text, 'base64url').toString());
    return flow.at <= now && now < flow.at + flowLifeMs ? flow : undefined;
  }

  /** Which of a browser's cookies have to go before one more flow begins: those of the oldest flows, and what is none. */
  surplusOf(
    cookies: Readonly<Record<string, string | undefined>>,
    now: number,
    overTls: boolean,
  ): readonly HostCookie[] {
    const beginning = flowCookieBy('', overTls);
    const flows = Object.entries(cookies)
      .filter(([name]) => name.startsWith(beginning.name))
      .map(([name, sealed]) => ({ name, at: this.open(sealed, now)?.at ?? 0 }));
    return flows
      .sort((one, other) => other.at - one.at)
      .slice(flowsMax - 1)
      .map(({ name }) => ({ ...beginning, name }));
  }

  #mark(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
