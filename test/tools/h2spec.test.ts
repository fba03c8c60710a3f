import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { dataDirectory } from '../support/data-directory.ts';
import { type DerivedService, startDerivedService } from '../support/http2/derived-service.ts';
import { findTool, type Tool } from './find-tool.ts';

/** Cases that RFC 7540 asks for and RFC 9113 does not, each with its reason. There are none. */
const deviations: readonly string[] = [];

/** All of its cases: generic, HTTP/2 and HPACK, the strict ones too. */
const caseCount = 146;

describe('T14 h2spec', function () {
  this.timeout(120_000);
  let h2spec: Tool;
  let service: DerivedService;
  before(async () => {
    h2spec = findTool(
      'h2spec',
      'GOBIN=$PWD/.tools/bin go install github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible',
    );
    service = await startDerivedService('lean');
  });
  after(() => service.close(100));

  it('all cases pass, strict ones too, but for the deviations that are listed', async () => {
    const report = join(dataDirectory(), 'h2spec.xml');
    const { output } = await h2spec(['-S', '-h', '127.0.0.1', '-p', String(service.port), '-j', report]);
    const xml = readFileSync(report, 'utf8');
    const failed = [...xml.matchAll(/<testcase package="([^"]*)" classname="([^"]*)"[^>]*>\s*<failure/g)];
    const titles = failed.map(([, section, title]) => `${section}: ${title}`);
    expect(titles.sort(), output).to.deep.equal([...deviations].sort());
    const counted = [...xml.matchAll(/<testsuite [^>]*tests="(\d+)" [^>]*skipped="(\d+)"/g)];
    const [ran, skipped] = [1, 2].map(group => counted.reduce((sum, each) => sum + Number(each[group]), 0));
    expect([ran, skipped], output).to.deep.equal([caseCount, 0]);
    expect(service.faults).to.deep.equal([]);
  });
});
