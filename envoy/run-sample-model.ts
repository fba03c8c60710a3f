import { startSampleModel } from './sample-model.ts';

const usage = 'usage: run-sample-model NAME PORT [HOST]   (HOST: 127.0.0.1; port 0: any free one)';

/** One sample model as a process of its own, until a signal ends it. */
const [name = '', port = '', host = '127.0.0.1'] = process.argv.slice(2);
if (name === '' || !/^\d{1,5}$/.test(port)) {
  process.stderr.write(`${usage}\n`);
  process.exit(2);
}
const model = await startSampleModel({ name, host, port: Number(port) });
process.stdout.write(`model ${name} on ${host}:${model.port}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void model.close());
}
