const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const plain = /^[\x20-\x7e]*$/;
/** What a terminal draws over two cells: East Asian wide forms and emoji. */
const wide = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;
/** Control characters, and those that turn the direction of what follows. */
const commands = /\p{Cc}|[\u2028-\u202e\u2066-\u2069]/gu;

/** Cells that a text takes in a terminal. */
export function widthOf(text: string): number {
  return plain.test(text) ? text.length : cellsOf(text).reduce((sum, { cells }) => sum + cells, 0);
}

/** The text cut to so many cells, its end replaced by `…` where it is longer. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) {
    return text;
  }
  let kept = '';
  let left = width - 1;
  for (const { segment, cells } of cellsOf(text)) {
    left -= cells;
    if (left < 0) {
      break;
    }
    kept += segment;
  }
  return `${kept}…`;
}

/** One line that can't steer the terminal: names and comments are written by others. */
export function printable(text: string): string {
  return text.replace(commands, '\ufffd');
}

/** The same for JSON, as an escape that reads back to the character; line breaks between its parts stay. */
export function printableJson(json: string): string {
  return json.replace(commands, found =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function cellsOf(text: string): { segment: string; cells: number }[] {
  return [...graphemes.segment(text)].map(({ segment }) => ({ segment, cells: wide.test(segment) ? 2 : 1 }));
}
