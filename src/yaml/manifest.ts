// A manifest file as the client sees it: objects in order, with the error each document stops at.

import { toJson, toValue } from './json.ts';
import type { PositionedNode, YamlDiagnostic } from './nodes.ts';
import { parseYaml } from './parse.ts';

export type ManifestItem =
  | { readonly kind: 'object'; readonly node: PositionedNode; readonly value: unknown; readonly json: string }
  | { readonly kind: 'error'; readonly message: string; readonly diagnostic: YamlDiagnostic };

/**
 * The non-empty documents of a file up to the first syntax error; messages are complete kubectl lines without "error: ".
 * Counterpart: k8s.io/cli-runtime resource.StreamVisitor.
 */
export function manifestObjects(text: string, fileName: string): readonly ManifestItem[] {
  const items: ManifestItem[] = [];
  for (const document of parseYaml(text).documents) {
    if (document.error !== null) {
      const reason = document.error.message;
      items.push({
        kind: 'error',
        message: `error parsing ${fileName}: error converting YAML to JSON: ${reason}`,
        diagnostic: document.error,
      });
      return items;
    }
    if (document.root !== null)
      items.push({ kind: 'object', node: document.root, value: toValue(document.root), json: toJson(document.root) });
  }
  return items;
}
