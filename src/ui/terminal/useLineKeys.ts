// Line editing that the browser's input does not have: history, completion and the control keys of a terminal.

import { type KeyboardEvent, type RefObject, useRef, useState } from 'react';
import { complete } from '../stores/session.ts';

export type SpecialKey = 'tab' | 'up' | 'down' | 'ctrl-c' | 'ctrl-d' | 'ctrl-l';

interface Options {
  readonly draft: string;
  setDraft(text: string): void;
  readonly terminal: string;
  readonly secret: boolean; // what is typed must not be remembered
  send(data: string): void;
  interrupt(): void;
  clear(): void;
  readonly input: RefObject<HTMLInputElement | null>;
}

interface LineKeys {
  onKeyDown(event: KeyboardEvent<HTMLInputElement>): void;
  press(key: SpecialKey): void;
  readonly candidates: readonly string[];
}

const CONTROL: Readonly<Record<string, SpecialKey>> = { c: 'ctrl-c', d: 'ctrl-d', l: 'ctrl-l' };

/** The longest text that all candidates begin with. */
export function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] ?? '';
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

export function useLineKeys({ draft, setDraft, terminal, secret, send, interrupt, clear, input }: Options): LineKeys {
  const history = useRef<string[]>([]);
  const at = useRef<number | null>(null); // place in the history; null: the line being written
  const written = useRef('');
  const [candidates, setCandidates] = useState<readonly string[]>([]);

  const recallLine = (step: -1 | 1): void => {
    const lines = history.current;
    if (at.current === null) {
      if (step === 1 || lines.length === 0) return;
      written.current = draft;
      at.current = lines.length;
    }
    const next = at.current + step;
    if (next < 0) return;
    at.current = next >= lines.length ? null : next;
    setDraft(at.current === null ? written.current : (lines[next] ?? ''));
  };

  const completeLine = (): void => {
    const cursor = input.current?.selectionStart ?? draft.length;
    void complete(terminal, draft, cursor).then(({ start, candidates: found }) => {
      if (found.length === 0 || input.current?.value !== draft) return;
      const prefix = commonPrefix(found);
      const word = found.length === 1 && !/[/ =]$/.test(prefix) ? `${prefix} ` : prefix;
      setCandidates(found.length > 1 ? found.slice(0, 100) : []);
      if (word.length < cursor - start) return;
      setDraft(draft.slice(0, start) + word + draft.slice(cursor));
      requestAnimationFrame(() => input.current?.setSelectionRange(start + word.length, start + word.length));
    });
  };

  const leave = (): void => {
    at.current = null;
    setDraft('');
    setCandidates([]);
  };

  const press = (key: SpecialKey): void => {
    if (key === 'tab') completeLine();
    else if (key === 'up') recallLine(-1);
    else if (key === 'down') recallLine(1);
    else if (key === 'ctrl-l') clear();
    else if (key === 'ctrl-c') {
      interrupt();
      send(`${draft}\x03`);
      leave();
    } else if (key === 'ctrl-d') {
      // End of file after text means "take what I have typed so far".
      send(`${draft}\x04`);
      leave();
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const field = event.currentTarget;
    const cursor = field.selectionStart ?? draft.length;
    if (event.key === 'Enter') {
      send(`${draft}\n`);
      if (!secret && draft.trim() !== '' && history.current.at(-1) !== draft) history.current.push(draft);
      leave();
    } else if (event.key === 'Tab' && !event.shiftKey && draft !== '') completeLine();
    else if (event.key === 'ArrowUp') recallLine(-1);
    else if (event.key === 'ArrowDown') recallLine(1);
    else if (event.key === 'Escape') {
      setCandidates([]);
      return;
    } else if (event.ctrlKey && !event.altKey && !event.metaKey) {
      const key = event.key.toLowerCase();
      if (key === 'c' && field.selectionStart !== field.selectionEnd) return; // copying
      if (key === 'c' && getSelection()?.toString()) return;
      const special = CONTROL[key];
      if (special) press(special);
      else if (key === 'z') {
        send(`${draft}\x1a`);
        leave();
      } else if (key === 'u') setDraft(draft.slice(cursor));
      else if (key === 'k') setDraft(draft.slice(0, cursor));
      else if (key === 'a') field.setSelectionRange(0, 0);
      else if (key === 'e') field.setSelectionRange(draft.length, draft.length);
      else return;
    } else return;
    event.preventDefault();
  };

  return { onKeyDown, press, candidates };
}
