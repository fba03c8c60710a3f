/** A browser that only follows redirects, and keeps cookies of each path: what a person's does in a sign-in at a provider. */
export class OidcBrowser {
  readonly #cookies = new Map<string, { readonly text: string; readonly path: string; readonly origin: string }>();

  /** One request; answers where it is sent to, if anywhere. */
  async open(
    url: string,
    init: RequestInit = {},
  ): Promise<{ readonly response: Response; readonly location: string | undefined }> {
    const at = new URL(url);
    const headers = { cookie: this.cookieHeader(url), ...(init.headers as Record<string, string>) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [text = '', ...attributes] = line.split(';').map(each => each.trim());
      const [name = ''] = text.split('=');
      const path = attributes.find(each => /^path=/i.test(each))?.slice('path='.length) ?? '/';
      const isCleared = attributes.some(each => /^(max-age=0|expires=thu, 01 jan 1970.*)$/i.test(each));
      const id = `${at.origin} ${name}`;
      if (isCleared) {
        this.#cookies.delete(id);
      } else {
        this.#cookies.set(id, { text, path, origin: at.origin });
      }
    }
    const location = response.headers.get('location') ?? undefined;
    return { response, location: location && new URL(location, url).href };
  }

  /** Follows redirects until one goes where `stop` says; answers that place. */
  async follow(url: string, stop: (url: string) => boolean): Promise<string> {
    let next: string | undefined = url;
    for (let step = 0; next !== undefined && step < 20; step += 1) {
      if (step > 0 && stop(next)) {
        return next;
      }
      next = (await this.open(next)).location;
    }
    throw new Error(`nothing sent on from ${url} to where it should end`);
  }

  cookieHeader(url: string): string {
    const { origin, pathname } = new URL(url);
    const fitting = [...this.#cookies.values()].filter(
      each => each.origin === origin && pathname.startsWith(each.path),
    );
    return fitting.map(({ text }) => text).join('; ');
  }

  /** The value of a cookie by its name, whatever its path. */
  cookie(name: string): string | undefined {
    const found = [...this.#cookies.values()].find(({ text }) => text.startsWith(`${name}=`));
    return found?.text.slice(name.length + 1);
  }

  /** Puts another value into a cookie that is there, and may name it otherwise; undefined takes it away. */
  setCookie(name: string, value: string | undefined, newName = name): void {
    for (const [id, cookie] of [...this.#cookies]) {
      if (cookie.text.startsWith(`${name}=`)) {
        this.#cookies.delete(id);
        if (value !== undefined) {
          this.#cookies.set(`${cookie.origin} ${newName}`, { ...cookie, text: `${newName}=${value}` });
        }
      }
    }
  }
}
