import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../support/chromium.ts';
import { meetSignedIn, type Person } from '../support/person.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** What a script does that has run: the page is asked for it, and a dialog or a request would show too. */
const act = 'window.__ran=1';

const tags = [
  'svg',
  'img src=x',
  'video src=x',
  'body',
  'input autofocus',
  'details open',
  'iframe',
  'marquee',
  'a href=x',
  'style',
];
const handlers = ['onload', 'onerror', 'onfocus', 'ontoggle', 'onanimationstart', 'onpointerenter'];
const closers = ['', '">', "'>", '</title>', '</script>', '-->', '</textarea>'];
const others = [
  `<script>${act}</script>`,
  `javascript:${act}`,
  `<a href="javascript:${act}">x</a>`,
  `<iframe srcdoc="<script>parent.${act}</script>"></iframe>`,
  `<object data="data:text/html,<script>${act}</script>"></object>`,
  `<base href="//evil.example/">`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=//evil.example">`,
  `<form action="//evil.example"><button>x</button></form>`,
  `{{constructor.constructor('${act}')()}}`,
  `\${${act}}`,
  `__proto__`,
  `<math><mtext><img src=x onerror=${act}></mtext></math>`,
  `<template><script>${act}</script></template>`,
  `{"__html":"<img src=x onerror=${act}>"}`,
  `&lt;img src=x onerror=${act}&gt;`,
  `<img src=x onerror=${act}`,
  `<scr<script>ipt>${act}</script>`,
  `\u202e<script>${act}</script>`,
  `=HYPERLINK("//evil.example","x")`,
];

/** 100 texts and more that run somewhere, each in another way. */
const payloads = [
  ...others,
  ...tags.flatMap((tag, at) =>
    handlers.map((handler, place) => `${closers[(at + place) % closers.length]}<${tag} ${handler}=${act}>`),
  ),
  ...closers.flatMap(closer => [
    `${closer}<img src=x onerror=${act}>`,
    `${closer}<svg/onload=${act}>`,
    `${closer}" onfocus="${act}" autofocus x="`,
  ]),
];

/** Every page that shows what people wrote, with what it says once it is loaded. */
const shownOn: Readonly<Record<string, RegExp>> = {
  '#/projects': /–50, more follow/,
  '#/projects/p0': /1 model/,
  '#/projects/p0/models/m0': /Model|script/,
  '#/users': /–50, more follow/,
  '#/users/u0': /None\. Models of public projects/,
  '#/keys': /–50, more follow/,
  '#/models': /–50, more follow/,
  '#/audit': /–50, more follow/,
};
/** All of a list, but for the audit, which says the same again. */
const pagesRead = 4;

describe('web pages in a browser: hostile texts', function () {
  this.timeout(180_000);
  let server: TestServer;
  let browser: Browser;
  let root: Person;
  let origin: string;
  const ran = () => root.page.evaluate<boolean>('window.__ran !== undefined');

  before(async function () {
    browser = await openBrowser(this);
    server = await startServer();
    origin = `http://127.0.0.1:${server.adminPort}`;
    root = await meetSignedIn(browser, origin, { size: 'desktop', scheme: 'light' }, server.admin.key);
    root.page.on('dialog', dialog => root.complaints.push(`a dialog: ${dialog.message()}`));
    const { status, body } = await server.admin.post('/api/v2/site:apply', {
      users: payloads.map((name, at) => ({ username: `u${at}`, name })),
      projects: payloads.map((name, at) => ({
        project_id: `p${at}`,
        name,
        owner: { username: 'root' },
        models: [{ model_id: `m${at}`, name }],
      })),
      api_keys: payloads.map((comments, at) => ({
        key_id: `k${at}`,
        username: 'root',
        digest: at.toString(16).padStart(64, '0'),
        comments,
      })),
    });
    expect(status, JSON.stringify(body)).to.equal(200);
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  it('T31 are shown as texts, in every page: more than 100 of them in each name and comment, 0 run', async () => {
    expect(payloads).to.have.length.above(100);
    for (const [address, counted] of Object.entries(shownOn)) {
      await root.opens(`${origin}/${address}`, counted);
      for (let pages = 0; pages < pagesRead && (await root.find('button', 'Next page').count()) > 0; pages++) {
        const before = await root.page.locator('.pager .number').first().textContent();
        await root.click('Next page');
        await root.seesNoMore(before ?? '');
      }
      expect(await ran(), address).to.equal(false);
    }
    await root.page.goto(`${origin}/#/users/u0`);
    await root.sees(payloads[0] ?? '', 'heading');
    root.requireNoComplaint();
  });

  it('T31 do nothing in the address either: in the path, the search, the filters and what is being done', async () => {
    for (const payload of payloads) {
      const text = encodeURIComponent(payload);
      for (const address of [
        `#/users/${text}`,
        `#/projects?search=${text}&do=${text}`,
        `#/keys?do=rotate-key&on=${text}`,
        `#/sign-in?error=${text}`,
      ]) {
        await root.page.evaluate(`location.hash = ${JSON.stringify(address)}`);
      }
      expect(await ran(), payload).to.equal(false);
    }
    root.requireNoComplaint();
  });

  it('T31 typed into each field of a form stay texts, refused or not', async () => {
    for (const [address, shown] of Object.entries(forms)) {
      await root.opens(`${origin}/${address}`, shown);
      const fields = root.top.locator('input[type=text], input[type=search]');
      expect(await fields.count(), address).to.be.above(0);
      for (const field of await fields.all()) {
        for (const payload of payloads.slice(0, payloadsTyped)) {
          await field.fill(payload);
        }
      }
      // Once all are filled: one of them is no name, so nothing is made of it.
      await fields.last().press('Enter');
      expect(await ran(), address).to.equal(false);
    }
    root.requireNoComplaint();
  });
});

/** Pages with fields to type into, with what they say once they are there. */
const forms: Readonly<Record<string, string | RegExp>> = {
  '#/projects?do=create-project': /Name of the owner/,
  '#/keys?do=create-key': /Only for these models/,
  '#/users?do=create-user': /E-mail address/,
  '#/teams?do=create-team': 'Create a team',
  '#/settings': /Address of the gateway/,
  '#/audit': /–50, more follow/,
};

/** Of the payloads, as many as a form is filled with: 100 at least. */
const payloadsTyped = 101;
