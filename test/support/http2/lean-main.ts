import { createInterface } from 'node:readline';
import { startDerivedService } from './derived-service.ts';

/** The lean transport in a process of its own: says its port, then for each line of its input what it has done so far. */
const { port, answers, faults } = await startDerivedService('lean');
process.stdout.write(`${JSON.stringify({ port })}\n`);
for await (const _ of createInterface({ input: process.stdin })) {
  const { worked } = answers;
  process.stdout.write(`${JSON.stringify({ worked, faults: faults.map(String) })}\n`);
}
process.exit();
