import { spawnSync } from 'node:child_process';

/**
 * `npm run test:long -- [FACTOR] [options of mocha]`: the properties alone, each with its full number of cases times
 * the factor. A property says every few seconds how far it is.
 */
const defaultFactor = '50';

const [first = '', ...others] = process.argv.slice(2);
const hasFactor = first !== '' && !first.startsWith('-');
const factor = hasFactor ? first : process.env['MODELGATE_TEST_FACTOR'] || defaultFactor;
const mochaOptions = hasFactor || first === '' ? others : [first, ...others];

if (!(Number(factor) > 0 && Number.isFinite(Number(factor)))) {
  process.stderr.write(`the factor must be a positive number, not ${factor}: npm run test:long -- 200\n`);
  process.exit(2);
}
process.stdout.write(`properties at ${factor} times their full length (MODELGATE_TEST_FACTOR=${factor})\n`);
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/mocha/bin/mocha.js',
    ...['--no-config', '--timeout', '20000', '--fail-zero', '--forbid-only', '--forbid-pending'],
    ...['--spec', 'dist/test/property/**/*.test.js', ...mochaOptions],
  ],
  { stdio: 'inherit', env: { ...process.env, MODELGATE_TEST_FACTOR: factor } },
);
process.exit(status ?? 1);
