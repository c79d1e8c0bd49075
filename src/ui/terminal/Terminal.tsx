import { type ClipboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { useText } from '../i18n/index.ts';
import { openTerminal, resizeTerminal, stopTyping, typeKeys, typeLines } from '../stores/session.ts';
import { clearTerminal, type TerminalView } from '../stores/terminals.ts';
import { KeyBar } from './KeyBar.tsx';
import { History, Spans } from './Output.tsx';
import styles from './Terminal.module.css';
import { useLineKeys } from './useLineKeys.ts';

/** One terminal. The tty echoes what is typed, so a line sent vanishes from the input and returns as output. */
export function Terminal({ terminal }: { readonly terminal: TerminalView }) {
  const t = useText();
  const { id, screen, status, echo } = terminal;
  const [draft, setDraft] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const atBottom = useRef(true);

  const keys = useLineKeys({
    draft,
    setDraft,
    terminal: id,
    secret: !echo,
    send: (data) => {
      atBottom.current = true;
      typeKeys(id, data);
    },
    interrupt: () => stopTyping(id),
    clear: () => clearTerminal(id),
    input,
  });

  useLayoutEffect(() => {
    const box = scroller.current;
    if (box && atBottom.current) box.scrollTop = box.scrollHeight;
  });

  useLayoutEffect(() => {
    const box = scroller.current;
    const glyphs = probe.current;
    if (!box || !glyphs) return;
    const measure = (): void => {
      const cell = glyphs.getBoundingClientRect();
      if (box.clientHeight === 0 || cell.width === 0) return;
      const cols = Math.max(20, Math.floor((box.clientWidth - 24) / (cell.width / 10)));
      const rows = Math.max(4, Math.floor((box.clientHeight - 16) / cell.height));
      resizeTerminal(id, rows, cols);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    observer.observe(glyphs);
    return () => observer.disconnect();
  }, [id]);

  const paste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text').replaceAll('\r\n', '\n');
    if (!text.includes('\n')) return;
    event.preventDefault();
    const at = input.current?.selectionStart ?? draft.length;
    const lines = `${draft.slice(0, at)}${text}${draft.slice(input.current?.selectionEnd ?? at)}`.split('\n');
    setDraft(lines.pop() ?? '');
    typeLines(id, lines);
  };

  const closed = status === 'closed';
  return (
    <>
      {/* biome-ignore lint/a11y: a click into the empty part focuses the prompt, which the keyboard reaches by itself */}
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={(event) => {
          const box = event.currentTarget;
          atBottom.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
        }}
        onMouseUp={() => {
          if (getSelection()?.isCollapsed) input.current?.focus({ preventScroll: true });
        }}
      >
        <span ref={probe} className={styles.probe} aria-hidden="true">
          MMMMMMMMMM
        </span>
        <History label={t.terminalHistory} blocks={screen.blocks} busy={status === 'busy'} />
        <div className={styles.promptLine} hidden={closed}>
          <span className={styles.prompt}>
            <Spans spans={screen.current} />
          </span>
          <input
            ref={input}
            data-prompt=""
            className={styles.input}
            type={echo ? 'text' : 'password'}
            aria-label={echo ? t.terminalInput : t.passwordInput}
            value={draft}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="send"
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={keys.onKeyDown}
            onPaste={paste}
          />
        </div>
        {closed && (
          <p className={styles.closed}>
            {t.terminalClosed}{' '}
            <button type="button" onClick={openTerminal}>
              {t.newTerminal}
            </button>
          </p>
        )}
        <p className={styles.candidates} role="status">
          {keys.candidates.length > 0 && (
            <>
              <span className="visually-hidden">{t.candidates}: </span>
              {keys.candidates.map((candidate) => (
                <code key={candidate}>{candidate} </code>
              ))}
            </>
          )}
        </p>
      </div>
      <KeyBar press={keys.press} />
    </>
  );
}
