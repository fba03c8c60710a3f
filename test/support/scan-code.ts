import { readFileSync, writeFileSync } from 'node:fs';
import loadWabt from 'wabt';

const folder = new URL('../../../src/credentials/json/', import.meta.url);
const file = new URL('scan-code.ts', folder);
const lineLength = 100;

export function readScanCode(): string {
  return readFileSync(file, 'utf8');
}

/** What scan-code.ts has to be: scan-value.wat as its assembler has it. */
export async function assembledScanCode(): Promise<string> {
  const wabt = await loadWabt();
  const module = wabt.parseWat('scan-value.wat', readFileSync(new URL('scan-value.wat', folder), 'utf8'));
  const { buffer } = module.toBinary({});
  module.destroy();
  const lines = Buffer.from(buffer)
    .toString('base64')
    .match(new RegExp(`.{1,${lineLength}}`, 'g'))
    ?.map(line => `  '${line}'`);
  return `${opening}\n${lines?.join(' +\n')};\n`;
}

const opening = `/** The code of scan-value.wat in the form in which it runs, as Base64. A test holds it to be that; \`npm run docs\` writes it. */
export const scanCode =`;

if (process.argv[2] === '--write') {
  writeFileSync(file, await assembledScanCode());
}
