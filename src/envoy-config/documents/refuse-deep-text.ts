/** Envoy's own configs are some thirty levels deep, and what is deeper than this ends the YAML parser, even its process. */
export const depthMax = 300;

/** A line that opens so many levels at once, or stands so far to the right that as many may be open. */
const steep = new RegExp(`^(?: *[-?:] ){${depthMax},}|^ {${3 * depthMax},}[^ ]`, 'm');

/** Whether a text may be nested deeper than a parser can go, told without parsing it: brackets in quotes count too. */
export function isTooDeep(text: string): boolean {
  return steep.test(text) || bracketDepth(text) > depthMax;
}

function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
