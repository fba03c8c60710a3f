import { expect } from 'chai';
import { makeApiDocument, operationsOf } from '../support/api-document.ts';
import { apiPage, readApiPage } from '../support/api-page.ts';

describe('docs/api.md', () => {
  it('is what the routes make of it (else: npm run docs)', async () => {
    expect(readApiPage()).to.equal(apiPage(await makeApiDocument()));
  });

  it('has one row for each operation', async () => {
    const operations = operationsOf(await makeApiDocument());
    const rows = operations.map(({ method, path }) => readApiPage().split(`| ${method} | \`${path}\` |`).length - 1);
    expect(rows).to.deep.equal(operations.map(() => 1));
  });
});
