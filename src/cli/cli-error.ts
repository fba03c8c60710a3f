/** A command line or setting that can't be obeyed as it is written: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Help of the command that was meant, where it is known. */
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

/** Something that was understood and not done, or not found well: exit code 1. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';
  /** Shown beneath the message, one a line. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}

/** A fault of one field, in the words of the API. */
export interface FieldFault {
  readonly field: string;
  readonly description: string;
}

/** The server's own refusal, with its message. */
export class RefusedByServer extends Refusal {
  override readonly name = 'RefusedByServer';
  readonly faults: readonly FieldFault[];

  constructor(message: string, faults: readonly FieldFault[]) {
    const lines = faults.map(faultLine);
    // The API's message of several faults is just these in a row: said once is enough.
    const repeated = lines.join('; ') === message;
    super(
      repeated && lines.length > 1 ? `${lines.length} fields are refused` : message,
      repeated && lines.length === 1 ? [] : lines,
    );
    this.faults = faults;
  }
}

export function faultLine({ field, description }: FieldFault): string {
  return `${field === '' ? 'the request' : field}: ${description}`;
}
