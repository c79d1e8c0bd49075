import { useEffect, useRef, useState } from 'react';
import type { Diagnostic } from '#session/protocol.ts';
import { useMedia } from '../shell/hooks.ts';
import { useEditor } from '../stores/editor.ts';
import { useSettings } from '../stores/settings.ts';
import styles from './Editor.module.css';
import type { RichEditor } from './monaco.ts';

interface Props {
  readonly label: string;
  readonly text: string;
  /** The text as it is now, which may be newer than `text`. */
  readonly current: () => string;
  readonly onChange: (text: string) => void;
  readonly diagnostics: readonly Diagnostic[];
  readonly theme: string;
  /** Takes the keyboard when it appears; not on touch devices, where the keyboard would cover the page. */
  readonly focus?: boolean;
}

/** A plain textarea from the first paint; Monaco takes its place, with text and selection, on wide screens with a mouse. */
export function TextEditor({ label, text, current, onChange, diagnostics, theme, focus = false }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef({ text, theme, current, onChange });
  const [rich, setRich] = useState<RichEditor | null>(null);
  const wanted = useMedia('(pointer: fine) and (min-width: 801px)');
  const reveal = useEditor((state) => state.reveal);
  const scale = useSettings((state) => state.scale);
  latest.current = { text, theme, current, onChange };

  useEffect(() => {
    if (focus && !matchMedia('(pointer: coarse)').matches) area.current?.focus();
  }, [focus]);

  useEffect(() => {
    if (!wanted) return;
    let made: RichEditor | null = null;
    let gone = false;
    const load = (): void => {
      void import('./monaco.ts')
        .then(({ createRichEditor }) => {
          const from = area.current;
          if (gone || !from || !host.current) return;
          made = createRichEditor(host.current, {
            text: latest.current.text,
            theme: latest.current.theme,
            label: from.getAttribute('aria-label') ?? '',
            selection: [from.selectionStart, from.selectionEnd],
            focused: document.activeElement === from,
            onChange: (changed) => latest.current.onChange(changed),
          });
          setRich(made);
        })
        .catch(() => {
          // The textarea stays: an editor that could not be loaded is no loss of function.
        });
    };
    const timer = window.setTimeout(load, 300);
    return () => {
      gone = true;
      window.clearTimeout(timer);
      made?.dispose();
      setRich(null);
    };
  }, [wanted]);

  // From the store, not from the render: an effect may run after the next key was typed, and its text would take that key back.
  useEffect(() => rich?.setText(latest.current.current()), [rich, text]);
  useEffect(() => rich?.setTheme(theme), [rich, theme]);
  useEffect(() => rich?.setScale(scale), [rich, scale]);
  useEffect(() => rich?.setDiagnostics(diagnostics), [rich, diagnostics]);
  useEffect(() => {
    if (!reveal) return;
    useEditor.setState({ reveal: null });
    if (rich) rich.reveal(reveal.start, reveal.end);
    else {
      area.current?.focus();
      area.current?.setSelectionRange(reveal.start, reveal.end);
    }
  }, [rich, reveal]);

  return (
    <div className={styles.editor} data-rich={rich !== null || undefined}>
      <div ref={host} className={styles.monaco} hidden={rich === null} />
      <textarea
        ref={area}
        hidden={rich !== null}
        className={styles.textarea}
        aria-label={label}
        value={text}
        spellCheck={false}
        autoCapitalize="none"
        autoCorrect="off"
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
