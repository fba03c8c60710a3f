import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/** Addresses at which machines of a cloud are told their credentials, also as IPv6 writes those of IPv4. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');
// Compatible, translated, by NAT64 (its local prefix too) and by 6to4; mapped ones the list knows by itself.
for (const prefix of ['::', '::ffff:0:', '64:ff9b::', '64:ff9b:1::']) {
  linkLocal.addSubnet(`${prefix}a9fe:0`, 112, 'ipv6');
}
linkLocal.addSubnet('2002:a9fe::', 32, 'ipv6');

/** Whether an address, or the host of a URL that is one, is link-local; a name is none. */
export function isLinkLocal(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  return isIP(address) !== 0 && linkLocal.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Why nobody is called there. */
export function linkLocalFault(): NodeJS.ErrnoException {
  return Object.assign(new Error('a link-local address'), { code: 'link-local address' });
}

/** Looks a name up as Node.js does, and fails where any of its addresses is link-local: what a setting names, DNS may turn elsewhere later. */
export const lookupElsewhere: LookupFunction = (name, options, done) => {
  const all: LookupAllOptions = { ...options, all: true };
  lookup(name, all, (fault, found: LookupAddress[]) => {
    if (fault) {
      done(fault, '');
    } else if (found.some(({ address }) => isLinkLocal(address))) {
      done(linkLocalFault(), '');
    } else if (options.all) {
      done(null, found);
    } else {
      done(null, found[0]?.address ?? '', found[0]?.family);
    }
  });
};
