import { once } from 'node:events';
import { connect, type OutgoingHttpHeaders } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import { expect } from 'chai';
import { HpackDecoder } from '../../../../../src/check/http2/hpack/decoder.ts';
import { encodeFrame } from '../../../../support/raw-http2.ts';
import { seeded } from '../../../../support/seeded.ts';

/** What nghttp2, by node:http2, writes for such requests on one connection: the header block of each. */
async function blocksOf(requests: readonly OutgoingHttpHeaders[]): Promise<Buffer[]> {
  const blocks: Buffer[] = [];
  const server = createServer(socket => {
    let rest = Buffer.alloc(0);
    let isGreeted = false;
    socket.write(encodeFrame({ type: 4, flags: 0, stream: 0, payload: Buffer.alloc(0) }));
    socket
      .on('error', () => undefined)
      .on('data', chunk => {
        rest = Buffer.concat([rest, chunk]);
        if (!isGreeted && rest.length >= 24) {
          rest = rest.subarray(24);
          isGreeted = true;
        }
        while (isGreeted && rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
          const payload = rest.subarray(9, 9 + rest.readUIntBE(0, 3));
          if (rest[3] === 1) blocks.push(Buffer.from(rest[4] === 0x25 ? payload.subarray(5) : payload));
          rest = rest.subarray(9 + payload.length);
        }
        if (blocks.length === requests.length) socket.destroy();
      });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).on('error', () => undefined);
  await once(client, 'connect');
  for (const headers of requests) {
    client.request(headers, { endStream: true }).on('error', () => undefined);
  }
  await once(client, 'close');
  server.close();
  return blocks;
}

describe("T14 HPACK: another implementation's blocks", () => {
  it('of nghttp2 are read as what went in, over hundreds of requests with evictions', async () => {
    const random = seeded(5);
    const word = (alphabet: string, most: number) =>
      Array.from(
        { length: 1 + Math.floor(random() * most) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('');
    const names = Array.from({ length: 40 }, () => `x-${word('abcdefghijklmnopqrstuvwxyz0123456789-_.', 20)}`);
    const requests = Array.from({ length: 400 }, () => ({
      ':method': 'POST',
      ':path': `/${word('abc/%?=&', 60)}`,
      ...Object.fromEntries(
        Array.from({ length: Math.floor(random() * 8) }, () => [
          names[Math.floor(random() * names.length)] as string,
          // Bytes above 127 are Huffman codes of 20 bits and more.
          word('abcdefgh ~!@#$%^&*()_+{}|:"<>?\u00e9\u00ff\u0080', 80).trim() || 'x',
        ]),
      ),
    }));
    const decoder = new HpackDecoder(4096, 65_536);
    const blocks = await blocksOf(requests);
    expect(blocks).to.have.length(requests.length);
    for (const [n, block] of blocks.entries()) {
      const fields = decoder.decode(block, 0, block.length);
      if (typeof fields === 'string') throw new Error(`request ${n} is ${fields}`);
      const read = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
      expect(read).to.deep.include(requests[n]);
    }
  });
});
