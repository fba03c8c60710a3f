import { expect } from 'chai';
import { isPartialBody } from '../../../src/credentials/partial-body.ts';
import { requestWith } from './request-with.ts';

const MAX = 8;

function isPartial(bytes: number, headers: Record<string, string> = {}): boolean {
  return isPartialBody(requestWith({ headers }), bytes, MAX);
}

describe('B5 the three signs of a partial body', () => {
  it('is complete without any of them', () => {
    expect(isPartial(0)).to.equal(false);
    expect(isPartial(MAX - 1)).to.equal(false);
    expect(isPartial(5, { 'content-length': '5', 'x-envoy-auth-partial-body': 'false' })).to.equal(false);
  });

  it('is partial where Envoy says so, in any case and beside another value', () => {
    for (const flag of ['true', 'True', ' TRUE\t', 'false,true', 'true, false']) {
      expect(isPartial(5, { 'x-envoy-auth-partial-body': flag }), flag).to.equal(true);
    }
  });

  it('is not partial for any other text of the flag', () => {
    for (const flag of ['', 'false', '1', 'yes', 'truex']) {
      expect(isPartial(5, { 'x-envoy-auth-partial-body': flag }), flag).to.equal(false);
    }
  });

  it('is partial at the limit and beyond, though Envoy says that it is not', () => {
    for (const bytes of [MAX, MAX + 1]) {
      expect(isPartial(bytes, { 'x-envoy-auth-partial-body': 'false' })).to.equal(true);
    }
  });

  it('is partial where content-length is larger than what came', () => {
    for (const length of ['6', '06', ' 6 ', '9007199254740993', '9'.repeat(400)]) {
      expect(isPartial(5, { 'content-length': length }), length).to.equal(true);
    }
  });

  it('is complete where content-length is smaller', () => {
    for (const length of ['4', '0', '0005']) expect(isPartial(5, { 'content-length': length }), length).to.equal(false);
  });

  it('is partial where content-length is no plain decimal number', () => {
    for (const length of ['5,5', '-5', '+5', '5.0', '0x5', '1e0', '', 'five', '5 5', '\u0665']) {
      expect(isPartial(5, { 'content-length': length }), length).to.equal(true);
    }
  });
});
