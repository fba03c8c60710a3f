/** What a form asks for. Values are texts; of a check, `yes` or empty. */
export interface Field {
  /** As the API names it, so that a refusal finds its place. */
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'secret' | 'long' | 'choice' | 'check' | 'date';
  readonly hint?: string;
  /** What stands there at first. */
  readonly value?: string;
  readonly isRequired?: boolean;
  /** What is said where it is required and empty; absent: that it is needed. */
  readonly missing?: string;
  readonly options?: readonly Option[];
  /** What is wrong with a value that is not empty, in words; undefined: nothing. */
  readonly check?: (value: string) => string | undefined;
  /** Whether it is asked for, by what stands in the others; absent: always. */
  readonly isAsked?: (values: Values) => boolean;
  /** Names that fit what was typed, from the server. */
  readonly suggest?: (typed: string) => Promise<readonly string[]>;
  /** Days that a date may be chosen by. */
  readonly shortcuts?: readonly Option[];
  /** First and last day of a date. */
  readonly min?: string;
  readonly max?: string;
  readonly autocomplete?: string;
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

export type Values = Readonly<Record<string, string>>;

/** What is wrong with a value; undefined: nothing. */
export function faultOf(field: Field, value: string): string | undefined {
  if (value.trim() === '') {
    return field.isRequired ? (field.missing ?? `${field.label} is needed.`) : undefined;
  }
  return field.check?.(value);
}

const identifierPattern = /^[0-9A-Za-z][0-9A-Za-z._@-]{0,127}$/;
const principalPattern = /^[0-9A-Za-z][0-9A-Za-z._@+'#\\:-]{0,127}$/;

/** As the API takes names and ids. */
export function checkIdentifier(value: string): string | undefined {
  return identifierPattern.test(value.trim())
    ? undefined
    : 'Use 1 to 128 of letters, digits, ".", "_", "@" and "-"; begin with a letter or digit.';
}

/** As it takes names of users and applications, in which directories use more. */
export function checkPrincipalName(value: string): string | undefined {
  return principalPattern.test(value.trim())
    ? undefined
    : "Use 1 to 128 of letters, digits and any of . _ @ + ' # \\ : -; begin with a letter or digit.";
}
