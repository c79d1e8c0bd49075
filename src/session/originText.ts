// Origins as sentences. Core code stores facts; this is the place where they become text.

import type { Origin } from '#provenance/origin.ts';

/** One sentence for an origin, with the causes behind a rule. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'manifest':
      return origin.range ? `manifest line ${origin.range.line}: ${origin.pointer}` : `manifest: ${origin.pointer}`;
    case 'default':
      return `default: ${origin.rule}`;
    case 'image':
      return `image ${origin.image}: ${origin.what}`;
    case 'node':
      return `node: ${origin.what}`;
    case 'rule':
      return origin.from.length === 0 ? `rule ${origin.rule}` : `rule ${origin.rule}, from ${origin.from.map(originText).join('; ')}`;
  }
}
