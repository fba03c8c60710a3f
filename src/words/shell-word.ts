/** A name or path as one word of a command to be pasted into a POSIX shell: as it is where no shell reads it otherwise, else in quotes. */
export function shellWord(text: string): string {
  return /^[\w.@%+:,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
