/**
 * What a site document says of a key that was ended so that it comes back: the instant of that end, in milliseconds since 1970,
 * so that it undoes no later one (B30).
 */
export function restoredField(endedAt: number): string {
  return `restored: "${new Date(endedAt).toISOString()}"`;
}
