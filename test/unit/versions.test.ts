import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/** Oldest versions without a known hole that matters here. */
const floors: Record<string, readonly [number, number, number]> = {
  '@grpc/grpc-js': [1, 14, 5],
  fastify: [5, 12, 6],
  knex: [2, 4, 0],
};

describe('versions of dependencies', () => {
  it('are out for a week before npm takes them', () => {
    const settings = readFileSync(new URL('../../../.npmrc', import.meta.url), 'utf8');
    // A number of days; what is none, such as 7d, npm takes for no setting at all.
    const [, days] = /^min-release-age=(\d+)$/m.exec(settings) ?? [];
    expect(Number(days)).to.be.at.least(7);
  });

  for (const [name, floor] of Object.entries(floors)) {
    it(`${name} is at least ${floor.join('.')}`, () => {
      const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
      const parts = version.split('.').map(Number);
      const difference = floor.map((part, at) => (parts[at] ?? 0) - part).find(each => each !== 0) ?? 0;
      expect(difference, version).to.be.at.least(0);
    });
  }
});
