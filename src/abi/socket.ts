// Address families and socket types by number. Counterpart: address_families(7), socket(2)

/** Names without AF_, in lower case, as AppArmor writes them. */
export const AF_NAMES: Readonly<Record<number, string>> = {
  1: 'unix',
  2: 'inet',
  10: 'inet6',
  16: 'netlink',
  17: 'packet',
  38: 'alg',
  40: 'vsock',
};
/** Names without SOCK_, in lower case. */
export const SOCK_NAMES: Readonly<Record<number, string>> = { 1: 'stream', 2: 'dgram', 3: 'raw', 4: 'rdm', 5: 'seqpacket', 10: 'packet' };
