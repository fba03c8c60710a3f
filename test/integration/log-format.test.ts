import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLog } from '../../src/log/log.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { initData, startProcess } from '../support/serve-process.ts';
import { until } from '../support/until.ts';

describe('--log-format', () => {
  it('json: what Node.js warns of is a line of JSON as well', async () => {
    const data = dataDirectory();
    const preload = join(dataDirectory(), 'warn.cjs');
    writeFileSync(preload, "process.on('SIGUSR2', () => process.emitWarning('soon gone', 'DeprecationWarning'));");
    const server = await startProcess(data, await initData(data), [], {
      env: { NODE_OPTIONS: `--require ${preload}` },
    });
    server.child.kill('SIGUSR2');
    await until('the warning is told', () => server.stderr().includes('soon gone'));
    await server.terminate();
    const lines = server.stderr().trim().split('\n');
    const told = lines.map(line => JSON.parse(line)).find(({ warning }) => warning !== undefined);
    expect({ ...told, time: '' }).to.deep.equal({
      level: 40,
      time: '',
      type: 'DeprecationWarning',
      warning: 'soon gone',
      msg: 'warning of Node.js',
    });
  });

  it('text: a line tells time, level, message and fields, and no field can begin a line of its own', () => {
    const lines: string[] = [];
    const log = createLog('info', { write: line => lines.push(line) }, 'text');
    log.warn({ code: 'full', names: ['a b'], file: 'x\ny', key: `mgk_${'a'.repeat(49)}` }, 'store cannot be written');
    expect(
      lines
        .join('')
        .replace(/^\S+/, 'TIME')
        .replace(/key=\S+/, 'key=KEY'),
    ).to.equal('TIME warn  store cannot be written code=full names=["a b"] file="x\\ny" key=KEY\n');
    expect(lines.join('')).to.not.include('aaaa');
  });
});
