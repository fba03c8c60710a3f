import type { ConfigNode } from './documents/config-node.ts';

/**
 * What is said of a route, beside one with a pin, that a call may leave by what the check takes from it: a header, a
 * parameter or a cookie with a key in it. The call is then on another route, to whose model no pin binds the decision.
 */
export function unstable({ place }: ConfigNode): string {
  return `whether a call is still on ${place.path} after the check, which takes away headers and parameters with keys in them`;
}
