/** What its parser says of YAML, by its code, where its own sentence is for programmers. */
const words: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this name is given twice in one mapping: keep one of the two',
  TAG_RESOLVE_FAILED: 'a tag (!…) of no known meaning: leave it out',
  MULTIPLE_DOCS: 'another document begins here (---): a file holds one, so apply each from a file of its own',
  BLOCK_AS_IMPLICIT_KEY: 'a second colon within one line: put the value in quotes, or begin a new line',
  MULTILINE_IMPLICIT_KEY: 'a name that goes over several lines, or a line without a colon',
  BAD_SCALAR_START: "a value that begins with a character of YAML's own: put it in quotes",
  NON_STRING_KEY: 'a name that is no text: put it in quotes',
  BAD_ALIAS: 'an alias (*…) of nothing that was named before (&…)',
};

/** What the parser found, at the end of some of its messages: it may be a key. */
const quoted = /: ["|>][\s\S]*$/;

export function yamlFaultWords({ code, message }: { readonly code: string; readonly message: string }): string {
  return words[code] ?? message.replace(quoted, '');
}
