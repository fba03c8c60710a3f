import { createInterface } from 'node:readline';
import { startDerivedService } from './derived-service.ts';

/** The lean transport in a process of its own, at a socket that it is told of or at a port: says its port, then for each line of its input what it has done so far. */
const [, , path] = process.argv;
const { port, answers, faults } = await startDerivedService(
  'lean',
  path === undefined ? {} : { address: { socket: path } },
);
process.stdout.write(`${JSON.stringify({ port: port ?? 0 })}\n`);
for await (const _ of createInterface({ input: process.stdin })) {
  const { worked } = answers;
  process.stdout.write(`${JSON.stringify({ worked, faults: faults.map(String) })}\n`);
}
process.exit();
