// Completion and hover for the fields the lessons are about.

import type * as Monaco from 'monaco-editor/editor/editor.api';
import { CAPABILITIES } from '#abi/capability.ts';
import { FIELDS, type Field } from '#content/fields.ts';
import { useSettings } from '../stores/settings.ts';
import { fieldAt, placeOf } from './yamlPlace.ts';

const CAPABILITY_NAMES = ['ALL', ...CAPABILITIES.map((name) => name.slice(4))];

/** Registers both with Monaco, once per page. */
export function registerAssist(monaco: typeof Monaco): void {
  monaco.languages.registerCompletionItemProvider('yaml', {
    triggerCharacters: [' ', '[', '"'],
    provideCompletionItems(model, position) {
      const lines = model.getLinesContent();
      const index = position.lineNumber - 1;
      const before = (lines[index] ?? '').slice(0, position.column - 1);
      const place = placeOf(lines, index);
      const word = model.getWordUntilPosition(position);
      const range = new monaco.Range(position.lineNumber, word.startColumn, position.lineNumber, word.endColumn);
      const language = useSettings.getState().language;
      const value = (text: string, kind: Monaco.languages.CompletionItemKind): Monaco.languages.CompletionItem => ({
        label: text,
        kind,
        insertText: text,
        range,
      });
      if (place.key !== null && /:\s/.test(before)) {
        if (place.group === 'capabilities')
          return { suggestions: CAPABILITY_NAMES.map((name) => value(name, monaco.languages.CompletionItemKind.EnumMember)) };
        const values = fieldAt(place)?.values ?? [];
        return { suggestions: values.map((text) => value(text, monaco.languages.CompletionItemKind.Value)) };
      }
      if (place.group === null) return { suggestions: [] };
      return {
        suggestions: (FIELDS[place.group] as readonly Field[]).map((field) => ({
          label: field.name,
          kind: monaco.languages.CompletionItemKind.Property,
          documentation: field.text[language],
          insertText: `${field.name}: `,
          range,
        })),
      };
    },
  });
  monaco.languages.registerHoverProvider('yaml', {
    provideHover(model, position) {
      const field = fieldAt(placeOf(model.getLinesContent(), position.lineNumber - 1));
      if (!field || model.getWordAtPosition(position)?.word !== field.name) return null;
      const values = field.values ? [{ value: field.values.map((text) => `\`${text}\``).join(' | ') }] : [];
      return { contents: [{ value: `**${field.name}**` }, { value: field.text[useSettings.getState().language] }, ...values] };
    },
  });
}
