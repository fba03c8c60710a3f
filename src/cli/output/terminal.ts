import { withoutSecrets } from '../../keys/keys-in-text.ts';
import { Refusal } from '../cli-error.ts';
import type { CommandLog, OutputStream } from '../surroundings.ts';
import { printable } from './text-width.ts';

/** The two ways out: answers on standard output, everything else on standard error. */
export class Terminal {
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  /** Where standard error holds lines of JSON and nothing else. */
  readonly #log: CommandLog | undefined;

  constructor(stdout: OutputStream, stderr: OutputStream, log?: CommandLog) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#log = log;
    // A closed pipe is answered where it is written to, not by the process's end.
    stdout.on('error', () => undefined);
    stderr.on('error', () => undefined);
  }

  /** Whether a person reads standard output. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** Cells of a line; undefined where standard output is no terminal, and nothing needs to be cut. */
  get width(): number | undefined {
    return this.#stdout.isTTY ? this.#stdout.columns : undefined;
  }

  /**
   * An answer, in which no secret is repeated that was pasted into the wrong place. Resolves when it is written; rejects
   * with a Refusal where it can't be, as on a full disk or a closed pipe.
   */
  async print(text: string): Promise<void> {
    await this.#write(withoutSecrets(text));
  }

  /** Bytes as they come, in no more memory than a piece of them. `ended` is asked after the last, and throws where some are missing. */
  async printBytes(content: AsyncIterable<Buffer>, ended: () => void): Promise<void> {
    for await (const piece of content) {
      await this.#write(piece);
    }
    ended();
  }

  async #write(text: string | Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#stdout.write(text, fault =>
        fault ? reject(new Refusal(`standard output can't be written (${codeOf(fault)})`)) : resolve(),
      );
    });
  }

  /** A secret alone on its line; where it can't be written, the refusal says what its loss means. */
  async printSecret(text: string, ifLost: string): Promise<void> {
    await this.#write(`${text}\n`).catch((fault: Refusal) => {
      throw new Refusal(fault.message, [ifLost]);
    });
  }

  /** Something that happened, on standard error: in words, or where that is a log, as a line of it. */
  tell(words: string, fields: object, message: string): void {
    this.#log ? this.#log.info(fields, message) : this.note(words);
  }

  /** Why it ends, on standard error: a line each. */
  fail(lines: readonly string[]): void {
    this.#log ? this.#log.fatal({ faults: lines }, 'not started') : this.note(lines.join('\n'));
  }

  /** A line of its own on standard error, or several. Secrets never get through. */
  note(text: string): void {
    if (this.#log) {
      this.#log.warn({}, text);
      return;
    }
    const lines = text.split('\n').map(line => printable(withoutSecrets(line)));
    this.#stderr.write(`${lines.join('\n')}\n`);
  }
}

function codeOf(fault: Error): string {
  return (fault as NodeJS.ErrnoException).code ?? fault.message;
}
