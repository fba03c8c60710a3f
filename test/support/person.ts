import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { artifacts } from './chromium.ts';

/** How wide the window is, and which scheme the person prefers. */
export interface Looks {
  readonly size: 'desktop' | 'phone';
  readonly scheme: 'light' | 'dark';
}

export const allLooks: readonly Looks[] = (['desktop', 'phone'] as const).flatMap(size =>
  (['light', 'dark'] as const).map(scheme => ({ size, scheme })),
);

const viewports = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** Longest wait for what must come, in milliseconds; no test measures it. */
const patienceMs = 15_000;

type Role = 'button' | 'link' | 'heading' | 'searchbox' | 'textbox' | 'row';

/** Somebody in front of the pages: clicks, keys and eyes, and nothing else. */
export class Person {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #looks: Looks;
  /** What the browser complained of: scripts that failed, what the CSP forbade. */
  readonly complaints: string[] = [];
  /** Requests to any host but the server's. */
  readonly foreign: string[] = [];

  constructor(context: BrowserContext, page: Page, looks: Looks, origin: string) {
    this.page = page;
    this.#context = context;
    this.#looks = looks;
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', fault => this.complaints.push(fault.message));
    page.on('console', message => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
        this.complaints.push(message.text());
      }
    });
    context.on('request', request => {
      if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith(`blob:${origin}/`)) {
        this.foreign.push(request.url());
      }
    });
  }

  /** What is on top: an open dialog, or the page. */
  get top(): Locator {
    return this.page.locator('dialog[open], body:not(:has(dialog[open]))').last();
  }

  find(role: Role, name: string | RegExp): Locator {
    return this.top.getByRole(role, { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first();
  }

  /** A field by the whole of its label, but for what says that it is optional. */
  field(label: string | RegExp): Locator {
    const whole = typeof label === 'string' ? new RegExp(`^${label}( \\(optional\\))?$`) : label;
    return this.top.getByLabel(whole).first();
  }

  async click(name: string | RegExp, role: Role = 'button'): Promise<void> {
    await this.find(role, name).click();
  }

  /** Presses a button of the dialog that opens. */
  async confirms(name: string): Promise<void> {
    await this.page.locator('dialog[open]').last().getByRole('button', { name, exact: true }).click();
  }

  /** Opens an address anew, and waits for a text that is there once all is loaded. */
  async opens(address: string, shown: string | RegExp): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(address);
    await this.sees(shown);
  }

  /** How far the page reaches beyond the window to the right, in pixels. */
  async overhang(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  }

  async goesTo(entry: string): Promise<void> {
    if (this.#looks.size === 'phone') {
      await this.click('Menu');
    }
    await this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: entry, exact: true }).click();
    await this.sees(entry, 'heading');
  }

  async types(label: string | RegExp, text: string): Promise<void> {
    const field = this.field(label);
    await field.click();
    await field.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }

  async chooses(label: string | RegExp, option: string): Promise<void> {
    await this.field(label).selectOption({ label: option });
  }

  async presses(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** Goes on by Tab until what has this name has the focus. */
  async tabsTo(name: string): Promise<void> {
    for (let presses = 0; presses < tabsMax; presses++) {
      if ((await this.page.evaluate<string>(focusedName)) === name) {
        return;
      }
      await this.presses('Tab');
    }
    throw new Error(`${tabsMax} times Tab did not come to ${name}`);
  }

  async sees(text: string | RegExp, role?: Role): Promise<void> {
    const found = role ? this.find(role, text) : this.top.getByText(text).first();
    await found.waitFor();
  }

  async seesNoMore(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor({ state: 'detached' });
  }

  /** Keeps a picture to be looked at. */
  async takesPicture(name: string): Promise<void> {
    const { size, scheme } = this.#looks;
    await this.page.screenshot({ path: `${artifacts()}${name}-${size}-${scheme}.png` });
  }

  /** What axe-core finds against the rules of accessibility, a line for each. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate<axe.AxeResults>('axe.run()');
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  }

  /** Nothing was complained of, and nobody else was asked. */
  requireNoComplaint(): void {
    expect(this.complaints).to.deep.equal([]);
    expect(this.foreign).to.deep.equal([]);
  }

  async leaves(): Promise<void> {
    await this.#context.close();
  }
}

/** More stops than any page has. */
const tabsMax = 150;

/** Runs in the page: what the focused thing is called. */
const focusedName = `(() => {
  const focused = document.activeElement;
  const label = focused?.labels?.[0]?.firstChild?.textContent;
  return focused?.ariaLabel ?? label ?? focused?.textContent ?? '';
})()`;

/** Somebody new, with a browser that nobody used. */
export async function meetPerson(browser: Browser, origin: string, looks: Looks): Promise<Person> {
  const context = await browser.newContext({
    viewport: viewports[looks.size],
    colorScheme: looks.scheme,
    reducedMotion: 'reduce',
  });
  return new Person(context, await context.newPage(), looks, origin);
}

/** Somebody who signed in by typing a legacy key. */
export async function meetSignedIn(browser: Browser, origin: string, looks: Looks, legacyKey: string): Promise<Person> {
  const person = await meetPerson(browser, origin, looks);
  await person.page.goto(origin);
  await person.types('Legacy API key', legacyKey);
  await person.presses('Enter');
  await person.sees('Projects', 'heading');
  return person;
}
