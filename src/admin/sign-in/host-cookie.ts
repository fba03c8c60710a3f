/** A cookie's name, and where and over what a browser sends it. */
export interface HostCookie {
  readonly name: string;
  readonly path: string;
  readonly secure: boolean;
}

/**
 * A cookie of this host alone. Over TLS its name begins with `__Host-`, which a browser takes only from the host itself and only over
 * TLS: no other host of the domain, nor somebody on the way to one, can plant a session of theirs. Such a cookie has no path
 * (draft-ietf-httpbis-rfc6265bis, 4.1.3.2); without TLS it has the one given.
 */
export function hostCookie(name: string, path: string, overTls: boolean): HostCookie {
  return overTls ? { name: `__Host-${name}`, path: '/', secure: true } : { name, path, secure: false };
}
