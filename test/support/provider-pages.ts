import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** What somebody did on the provider's page: signed in as an account, or turned back. */
export type AtProvider = { readonly account: string } | 'cancelled';

/** Shows the page on which a person signs in at the provider; answers what they did there once they sent it, until then nothing. */
export async function askPerson(request: IncomingMessage, response: ServerResponse): Promise<AtProvider | undefined> {
  if (request.method !== 'POST') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    return undefined;
  }
  const sent = new URLSearchParams(await text(request));
  return sent.get('act') === 'cancel' ? 'cancelled' : { account: sent.get('account') ?? '' };
}

const page = `<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Example ID</title>
<h1>Sign in at Example ID</h1>
<form method="post">
<p><label for="account">Account</label> <input id="account" name="account" autofocus>
<p><button name="act" value="sign-in">Continue</button> <button name="act" value="cancel">Cancel</button>
</form>
</html>`;
