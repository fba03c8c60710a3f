import { expect } from 'chai';
import { check, readProjectFile, yamlFilesIn } from '../../support/envoy-config.ts';

describe('shipped configs', () => {
  const shipped = yamlFilesIn('envoy');

  it('are those of Envoy, Istio and Envoy Gateway', () => {
    expect(shipped).to.include.members(['envoy/envoy.yaml', 'envoy/istio.yaml', 'envoy/envoy-gateway.yaml']);
  });

  for (const path of shipped) {
    it(`${path} yields no finding, and nothing of it is left unchecked`, () => {
      const { findings, checked, notChecked } = check(readProjectFile(path));
      expect({ findings, notChecked }).to.deep.equal({ findings: [], notChecked: [] });
      expect(checked).to.not.be.empty;
    });

    it(`${path} does not fit another --body-bytes-max`, () => {
      const { findings } = check(readProjectFile(path), 10 * 1024 * 1024);
      expect(findings.map(({ rule }) => rule)).to.include.members(['body-limit-differs', 'buffer-too-small']);
    });
  }
});
