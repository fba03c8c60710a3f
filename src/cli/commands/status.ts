import { accepted } from '../api/api-client.ts';
import { chosenServer, withServer } from '../api/connection.ts';
import { type Answer, exchange } from '../api/exchange.ts';
import type { AddCommand } from '../api-command.ts';
import { Refusal } from '../cli-error.ts';
import { withFormat } from '../options.ts';
import { withProgress } from '../output/progress.ts';
import { asYesNo, type Format, printTable, toJson } from '../output/show.ts';
import type { Column } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';

interface Component {
  readonly ok: boolean;
  readonly detail: string;
}

/** What `/readyz` answers, with 200 or 503. */
interface Readiness {
  readonly ready: boolean;
  readonly components: Readonly<Record<string, Component>>;
}

/** A server that says nothing for so long is not ready. */
const timeoutMs = 10_000;

const columns: Column<[string, Component]>[] = [
  { title: 'COMPONENT', of: ([name]) => name, whole: true },
  { title: 'OK', of: ([, { ok }]) => asYesNo(ok), whole: true },
  { title: 'DETAIL', of: ([, { detail }]) => detail, whole: true },
];

export const statusCommand: AddCommand = (cli, at, terminal) =>
  cli.command(
    'status',
    'Show whether the server is ready, and each of its components; exits with 1 when it is not.',
    options => withFormat(withServer(options)).example('$0 status', ''),
    async args => {
      const { server, ca } = await chosenServer(args, at.env);
      const asked = exchange({ server, ca, method: 'GET', path: '/readyz', timeoutMs });
      const readiness = toReadiness(server, await withProgress(at.stderr, () => 'GET /readyz', asked));
      await show(server, readiness, args.output, terminal);
      if (!readiness.ready) {
        throw new Refusal(`${server} is not ready`);
      }
    },
  );

/** "Not ready" is an answer too; what is none says so as other answers do. */
function toReadiness(server: string, answer: Answer): Readiness {
  const body = answer.body as Readiness | undefined;
  const isReadiness = typeof body?.ready === 'boolean' && typeof body.components === 'object';
  return isReadiness ? body : (accepted<Answer>(server, { ...answer, body: undefined }).body as Readiness);
}

async function show(server: string, readiness: Readiness, format: Format, terminal: Terminal): Promise<void> {
  if (format === 'json') {
    await terminal.print(toJson({ server, ...readiness }));
    return;
  }
  await terminal.print(`server  ${server}\nready   ${asYesNo(readiness.ready)}\n\n`);
  await printTable(terminal, columns, Object.entries(readiness.components));
}
