/** Progress goes to standard error: standard output is the report's. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What changes the meaning of the figures, so that nobody overlooks it. */
export function warn(text: string): void {
  process.stderr.write(`\n!! ${text}\n\n`);
}
