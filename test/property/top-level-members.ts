/** One member of the top-level object, in the order of the text; what `JSON.parse` makes of its name and value. */
export interface Member {
  readonly name: string;
  readonly value: unknown;
}

/**
 * Every top-level member of a text that `JSON.parse` accepts, duplicates too, which `JSON.parse` itself does not show:
 * undefined where it refuses the text, empty where the top level is no object. Plain recursive descent, meant to be
 * obvious: it only finds where each member's name and value end, and lets `JSON.parse` read both.
 */
export function topLevelMembers(text: string): Member[] | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const members: Member[] = [];
  let pos = afterSpace(text, 0);
  if (text[pos] !== '{') return members;
  pos = afterSpace(text, pos + 1);
  while (text[pos] !== '}') {
    const nameEnd = afterValue(text, pos);
    const name = String(JSON.parse(text.slice(pos, nameEnd)));
    const start = afterSpace(text, afterSpace(text, nameEnd) + 1);
    const end = afterValue(text, start);
    members.push({ name, value: JSON.parse(text.slice(start, end)) });
    pos = afterSpace(text, end);
    if (text[pos] === ',') pos = afterSpace(text, pos + 1);
  }
  return members;
}

function afterSpace(text: string, pos: number): number {
  let next = pos;
  while (' \t\n\r'.includes(text[next] ?? 'x')) next += 1;
  return next;
}

function afterValue(text: string, pos: number): number {
  if (text[pos] === '"') return afterString(text, pos);
  if (text[pos] === '{' || text[pos] === '[') return afterContainer(text, pos);
  let next = pos;
  while (!' \t\n\r,]}'.includes(text[next] ?? ',')) next += 1;
  return next;
}

function afterString(text: string, pos: number): number {
  let next = pos + 1;
  while (text[next] !== '"') next += text[next] === '\\' ? 2 : 1;
  return next + 1;
}

/** Commas and colons are stepped over like space: the text is known to be sound. */
function afterContainer(text: string, pos: number): number {
  let next = pos + 1;
  while (text[next] !== '}' && text[next] !== ']') {
    next = ' \t\n\r,:'.includes(text[next] ?? 'x') ? next + 1 : afterValue(text, next);
  }
  return next + 1;
}
