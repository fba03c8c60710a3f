import { Document, visit } from 'yaml';

const lineBreak = /[\u0085\u2028\u2029]/;
const lineBreaks = new RegExp(lineBreak, 'g');

/**
 * A document in YAML that readers of YAML 1.1 (PyYAML, Ruby, Go's yaml.v2) read as those of 1.2 do: what would be a boolean, number, date or
 * anything but a text to either of them is quoted, such as `no`, `1_000`, `12:30`.
 */
export function siteYaml(site: object): string {
  const document = new Document(site, { compat: 'yaml-1.1' });
  visit(document, {
    Scalar: (_, node) => {
      // A type of its own in YAML 1.1 that the library does not know of, and line breaks that only YAML 1.1 has.
      if (node.value === '=' || (typeof node.value === 'string' && lineBreak.test(node.value))) {
        node.type = 'QUOTE_DOUBLE';
      }
    },
  });
  const text = document.toString({ lineWidth: 0 });
  return text.replace(lineBreaks, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
