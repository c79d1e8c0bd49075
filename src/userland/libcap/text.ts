// The text forms of capability sets. Counterpart: cap_to_text(3), cap_from_text(3), cap_iab_to_text of libcap 2.66

import { CAP_NONE, CAPABILITIES, type CapSet, capHas, isCapability } from '#abi/capability.ts';
import type { CapSets } from '#kernel/uapi/index.ts';

const EFFECTIVE = 1;
const INHERITABLE = 2;
const PERMITTED = 4;

const letters = (flags: number): string =>
  (flags & EFFECTIVE ? 'e' : '') + (flags & INHERITABLE ? 'i' : '') + (flags & PERMITTED ? 'p' : '');
const lower = (name: string): string => name.toLowerCase();

/** cap_to_text: the commonest combination of flags first ("=ep"), then what differs from it. */
export function capToText(sets: CapSets): string {
  const flagsOf = CAPABILITIES.map(
    (cap) =>
      (capHas(sets.effective, cap) ? EFFECTIVE : 0) |
      (capHas(sets.inheritable, cap) ? INHERITABLE : 0) |
      (capHas(sets.permitted, cap) ? PERMITTED : 0),
  );
  const histogram = Array.from({ length: 8 }, (_, flags) => flagsOf.filter((own) => own === flags).length);
  let base = 7;
  for (let flags = 7; flags >= 0; flags--) if ((histogram[flags] as number) >= (histogram[base] as number)) base = flags;
  const parts = base === 0 ? [] : [`=${letters(base)}`];
  for (let flags = 7; flags >= 0; flags--) {
    if (flags === base || histogram[flags] === 0) continue;
    const names = CAPABILITIES.filter((_, at) => flagsOf[at] === flags)
      .map(lower)
      .join(',');
    const more = letters(flags & ~base);
    const less = letters(base & ~flags);
    parts.push(names + (more ? `${base === 0 ? '=' : '+'}${more}` : '') + (less ? `-${less}` : ''));
  }
  return parts.length === 0 ? '=' : parts.join(' ');
}

/** cap_from_text: "cap_net_raw,cap_chown+ep", "all=p", "=ep cap_x-e"; undefined when it is not well formed. */
export function capFromText(text: string): CapSets | undefined {
  let effective = CAP_NONE;
  let permitted = CAP_NONE;
  let inheritable = CAP_NONE;
  for (const clause of text.split(/\s+/).filter((part) => part !== '')) {
    const match = /^([a-z0-9_,]*)((?:[=+-][eip]*)+)$/i.exec(clause);
    if (match === null) return undefined;
    const named = parseNames(match[1] as string);
    if (named === undefined) return undefined;
    for (const [, op, flags = ''] of (match[2] as string).matchAll(/([=+-])([eip]*)/g)) {
      const apply = (set: CapSet, flag: string): CapSet => {
        const cleared = op === '=' ? set & ~named : set;
        if (!flags.includes(flag)) return cleared;
        return op === '-' ? cleared & ~named : cleared | named;
      };
      effective = apply(effective, 'e');
      inheritable = apply(inheritable, 'i');
      permitted = apply(permitted, 'p');
    }
  }
  return { effective, permitted, inheritable };
}

/** A comma list of capability names, any case; "" and "all" are all of them. Undefined for an unknown name. */
export function parseNames(list: string): CapSet | undefined {
  let set = CAP_NONE;
  for (const word of list.toLowerCase().split(',')) {
    if (word === 'all' || word === '') {
      set |= (1n << BigInt(CAPABILITIES.length)) - 1n;
      continue;
    }
    const name = word.toUpperCase();
    if (/^\d+$/.test(word) && Number(word) < CAPABILITIES.length) set |= 1n << BigInt(word);
    else if (isCapability(name)) set |= 1n << BigInt(CAPABILITIES.indexOf(name));
    else return undefined;
  }
  return set;
}

/** Comma list of the names in a set; bits this kernel does not know are shown as numbers. */
export function namesOf(set: CapSet): string {
  const names: string[] = [];
  for (let bit = 0; bit < 64; bit++)
    if ((set >> BigInt(bit)) & 1n) names.push(CAPABILITIES[bit] === undefined ? String(bit) : lower(CAPABILITIES[bit] as string));
  return names.join(',');
}

/** cap_iab_to_text: "!" blocked by the bounding set, "^" ambient, "%" inheritable only. */
export function iabToText(inheritable: CapSet, ambient: CapSet, bounding: CapSet): string {
  return CAPABILITIES.flatMap((cap) => {
    const blocked = !capHas(bounding, cap);
    const own = capHas(ambient, cap) ? '^' : capHas(inheritable, cap) ? (blocked ? '%' : '') : undefined;
    if (!blocked && own === undefined) return [];
    return [`${blocked ? '!' : ''}${own ?? ''}${lower(cap)}`];
  }).join(',');
}
