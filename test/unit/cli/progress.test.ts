import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { withProgress } from '../../../src/cli/output/progress.ts';

async function shownDuring(ms: number, isTTY: boolean): Promise<string> {
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const chunks: string[] = [];
  stderr.on('data', chunk => chunks.push(String(chunk)));
  await withProgress(stderr, () => 'GET /users', sleep(ms));
  return chunks.join('');
}

describe('progress', () => {
  it('is a line that comes after a second and goes when the work is done, on a terminal only', async () => {
    const [long, short, piped] = await Promise.all([
      shownDuring(1300, true),
      shownDuring(20, true),
      shownDuring(1300, false),
    ]);
    expect([long, short, piped]).to.deep.equal(['\r\u001b[KGET /users … 1 s\r\u001b[K', '', '']);
  });
});
