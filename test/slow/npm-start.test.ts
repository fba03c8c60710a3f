import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { init } from '../../src/assemble.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { until } from '../support/until.ts';

const shells = ['/bin/dash', '/bin/bash'].filter(shell => existsSync(shell));

interface Started {
  readonly npm: ChildProcess;
  readonly written: () => string;
}

async function npmStart(shell: string): Promise<Started> {
  const data = dataDirectory();
  await init(data, 'root');
  const flags = ['--data', data, '--check-listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
  const npm = spawn('npm', [`--script-shell=${shell}`, 'start', '--', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  await until('the server serves', () => written.includes('"part":"admin API"'));
  return { npm, written: () => written };
}

/** Process ids of npm's descendants. */
function descendants(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map(row => row.trim().split(/\s+/).map(Number));
  const below = (of: number): number[] =>
    pairs.filter(([, of_]) => of_ === of).flatMap(([id = 0]) => [id, ...below(id)]);
  return below(pid);
}

/** A zombie has ended: it waits for nobody but who reaps it. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('npm start, of which npm alone is told to end', () => {
  const started: number[] = [];
  after(() => {
    for (const pid of started.filter(runs)) {
      process.kill(pid, 'SIGKILL');
    }
  });

  for (const shell of shells) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      it(`drains and leaves no process behind when npm gets ${signal}, with ${shell}`, async () => {
        const { npm, written } = await npmStart(shell);
        const left = descendants(npm.pid as number);
        started.push(...left);
        expect(left).to.not.deep.equal([]);
        npm.kill(signal);
        await once(npm, 'exit');
        await until('no process is left', () => !left.some(runs));
        expect(written()).to.contain('"msg":"draining"').and.to.contain('"msg":"stopped"');
      });
    }
  }
});
