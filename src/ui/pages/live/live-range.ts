/** How far back the page looks; each in steps that the server keeps for so long. */
export const ranges = [
  { name: '5m', text: '5 minutes', seconds: 300, step: 5 },
  { name: '15m', text: '15 minutes', seconds: 900, step: 5 },
  { name: '1h', text: '1 hour', seconds: 3600, step: 5 },
  { name: '6h', text: '6 hours', seconds: 21_600, step: 60 },
  { name: '1d', text: '1 day', seconds: 86_400, step: 60 },
] as const;

export type Range = (typeof ranges)[number];

const [fiveMinutes] = ranges;

export function rangeOf(name: string | undefined): Range {
  return ranges.find(range => range.name === (name ?? '15m')) ?? fiveMinutes;
}
