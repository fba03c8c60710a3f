import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Context } from 'mocha';
import { type Browser, chromium } from 'playwright-core';

/** Where distributions put Chromium. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];

/** Nothing of the browser's own may ask anybody anything. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A real browser with a fresh profile. Where there is none, the tests of the file are skipped, and say so loudly; with
 * `MODELGATE_BROWSER=required`, as `npm run test:browser` sets it, and with CI=true, that is a failure.
 */
export async function openBrowser(test: Context): Promise<Browser> {
  const executablePath = process.env['MODELGATE_CHROMIUM'] ?? places.find(place => existsSync(place));
  if (executablePath !== undefined) {
    return chromium.launch({ executablePath, args: flags });
  }
  const lacks = 'no Chromium is found: install the package chromium, or name one in MODELGATE_CHROMIUM';
  if (process.env['MODELGATE_BROWSER'] === 'required' || process.env['CI'] === 'true') {
    throw new Error(lacks);
  }
  console.warn(`\n  SKIPPED: the web pages are not tried in a browser: ${lacks}\n`);
  return test.skip();
}

/** The folder of what tests leave to be looked at. */
export function artifacts(): string {
  const folder = fileURLToPath(new URL('../../../.artifacts/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
}
