// Monaco, piece by piece: only what a YAML text needs. Loaded after the first paint.

import 'monaco-editor/editor/contrib/bracketMatching/browser/bracketMatching';
import 'monaco-editor/editor/contrib/caretOperations/browser/caretOperations';
import 'monaco-editor/editor/contrib/clipboard/browser/clipboard';
import 'monaco-editor/editor/contrib/comment/browser/comment';
import 'monaco-editor/editor/contrib/find/browser/findController';
import 'monaco-editor/editor/contrib/folding/browser/folding';
import 'monaco-editor/editor/contrib/gotoError/browser/gotoError';
import 'monaco-editor/editor/contrib/hover/browser/hoverContribution';
import 'monaco-editor/editor/contrib/indentation/browser/indentation';
import 'monaco-editor/editor/contrib/linesOperations/browser/linesOperations';
import 'monaco-editor/editor/contrib/multicursor/browser/multicursor';
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/editor/contrib/toggleTabFocusMode/browser/toggleTabFocusMode';
import 'monaco-editor/editor/contrib/wordOperations/browser/wordOperations';
import * as monaco from 'monaco-editor/editor/editor.api';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/languages/definitions/yaml/register';
import type { Diagnostic } from '#session/protocol.ts';
import { registerAssist } from './assist.ts';

export interface RichEditor {
  setText(text: string): void;
  setTheme(theme: string): void;
  setScale(percent: number): void;
  setDiagnostics(diagnostics: readonly Diagnostic[]): void;
  reveal(start: number, end: number): void;
  dispose(): void;
}

interface Options {
  readonly text: string;
  readonly theme: string;
  readonly label: string;
  readonly selection: readonly [number, number];
  readonly focused: boolean;
  onChange(text: string): void;
}

(globalThis as { MonacoEnvironment?: monaco.Environment }).MonacoEnvironment = { getWorker: () => new EditorWorker() };

const COMMON = { inherit: true, colors: {} };
monaco.editor.defineTheme('page-light', {
  ...COMMON,
  base: 'vs',
  rules: [
    { token: 'type', foreground: '1f4fb8' },
    { token: 'string', foreground: '0b6b45' },
    { token: 'number', foreground: '8a3f00' },
    { token: 'comment', foreground: '5b6472' },
  ],
  colors: { 'editor.background': '#ffffff', 'editorLineNumber.foreground': '#6b7482' },
});
monaco.editor.defineTheme('page-dark', {
  ...COMMON,
  base: 'vs-dark',
  rules: [
    { token: 'type', foreground: '8ab4ff' },
    { token: 'string', foreground: '8fd6a8' },
    { token: 'number', foreground: 'f0b27a' },
    { token: 'comment', foreground: '8e99a8' },
  ],
  colors: { 'editor.background': '#12161d', 'editorLineNumber.foreground': '#7d8896' },
});

registerAssist(monaco);

const themeName = (theme: string): string => (theme === 'contrast' ? 'hc-black' : theme === 'dark' ? 'page-dark' : 'page-light');

/** Makes an editor in `host`; the caller owns it and disposes of it. */
export function createRichEditor(host: HTMLElement, options: Options): RichEditor {
  const model = monaco.editor.createModel(options.text, 'yaml');
  model.setEOL(monaco.editor.EndOfLineSequence.LF);
  model.updateOptions({ tabSize: 2, insertSpaces: true });
  const editor = monaco.editor.create(host, {
    model,
    theme: themeName(options.theme),
    ariaLabel: options.label,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
    lineNumbersMinChars: 3,
    folding: true,
    renderLineHighlight: 'line',
    overviewRulerLanes: 0,
    padding: { top: 8, bottom: 8 },
    fixedOverflowWidgets: true,
    detectIndentation: false,
    wordBasedSuggestions: 'off',
    unicodeHighlight: { ambiguousCharacters: false },
    scrollbar: { alwaysConsumeMouseWheel: false },
  });
  const rangeOf = (start: number, end: number): monaco.Range =>
    monaco.Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end));
  editor.setSelection(rangeOf(...options.selection));
  if (options.focused) editor.focus();

  let silent = false;
  model.onDidChangeContent(() => {
    if (!silent) options.onChange(model.getValue());
  });
  const severities = { error: monaco.MarkerSeverity.Error, warning: monaco.MarkerSeverity.Warning, info: monaco.MarkerSeverity.Info };
  return {
    setText(text) {
      if (model.getValue() === text) return;
      silent = true;
      // As an edit, so that undo brings the former text back.
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
      silent = false;
    },
    setTheme: (theme) => monaco.editor.setTheme(themeName(theme)),
    setScale: (percent) => editor.updateOptions({ fontSize: Math.round(13 * (percent / 100)), lineHeight: 1.5 }),
    setDiagnostics(diagnostics) {
      monaco.editor.setModelMarkers(
        model,
        'engine',
        diagnostics.map((diagnostic) => {
          const range = diagnostic.range ? rangeOf(diagnostic.range.start, diagnostic.range.end) : new monaco.Range(1, 1, 1, 1);
          return { ...range, message: diagnostic.message, source: diagnostic.source, severity: severities[diagnostic.severity] };
        }),
      );
    },
    reveal(start, end) {
      const range = rangeOf(start, end);
      editor.setSelection(range);
      editor.revealRangeInCenterIfOutsideViewport(range);
      editor.focus();
    },
    dispose() {
      editor.dispose();
      model.dispose();
    },
  };
}
