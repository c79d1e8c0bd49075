// The running session: the engine, what it last said about the cluster, and the intents the page sends to it.

import { create } from 'zustand';
import { TUTORIAL_PODS } from '#content/pods.ts';
import type { ClusterView, ExplainTarget, Explanation, WatchResult } from '#session/protocol.ts';
import { type PageClient, startEngine } from '../engine/client.ts';
import { closeGuest, lessonById, openGuest, textOf, useEditor } from './editor.ts';
import { useSettings } from './settings.ts';
import {
  addTerminal,
  onShown,
  receiveOutput,
  removeAllTerminals,
  removeTerminal,
  setTerminalStatus,
  setTerminalWidth,
  useTerminals,
} from './terminals.ts';

interface SessionState {
  readonly started: boolean;
  readonly view: ClusterView;
  readonly explanation: Explanation | null | 'asking';
  readonly watch: readonly WatchResult[];
  readonly watchBefore: readonly WatchResult[];
  readonly applied: boolean | null; // by live mode
  readonly bug: string | null;
}

const EMPTY: SessionState = {
  started: false,
  view: { pods: [], events: [] },
  explanation: null,
  watch: [],
  watchBefore: [],
  applied: null,
  bug: null,
};

export const useSession = create<SessionState>(() => EMPTY);

let client: PageClient | null = null;
let nextTerminal = 1;

/** Starts a fresh cluster and workstation; the manifests stay. */
export function startSession(): void {
  client?.close();
  removeAllTerminals();
  useEditor.setState({ guests: [] });
  lines.clear();
  liveBusy = false;
  useSession.setState({ ...EMPTY });
  const engine = startEngine();
  client = engine;
  onShown((characters) => engine.ack(characters));
  engine.onEvent((event) => {
    if (event.type === 'output') receiveOutput(event.terminal, event.fragments);
    else if (event.type === 'terminal') {
      setTerminalStatus(event.terminal, event.status, event.echo);
      if (event.status !== 'busy') typeNext(event.terminal);
    } else if (event.type === 'changed') refreshView();
    else if (event.type === 'edit') {
      openGuest(event);
      useSettings.getState().set({ part: 'editor' });
    } else if (event.type === 'editEnded') {
      closeGuest(event.id);
      useSettings.getState().set({ part: 'terminal' });
    } else if (event.type === 'bug') useSession.setState({ bug: event.message });
  });
  const { texts } = useEditor.getState();
  const files = Object.fromEntries(TUTORIAL_PODS.map((pod) => [pod.file, texts[pod.id] ?? pod.yaml]));
  const language = useSettings.getState().language;
  void engine.ask({ type: 'start', scenario: { files }, language }, 'started').then(() => useSession.setState({ started: true }));
  nextTerminal = 1;
  openTerminal();
  check();
}

let lastSize = { rows: 24, cols: 80 };

export function openTerminal(): void {
  const terminal = String(nextTerminal++);
  addTerminal(terminal);
  client?.send({ type: 'openTerminal', terminal, ...lastSize });
}

export function closeTerminal(terminal: string): void {
  // Hanging up, as closing a window does: the shell reads end of file.
  client?.send({ type: 'input', terminal, data: '\x03' });
  client?.send({ type: 'input', terminal, data: '\x04' });
  removeTerminal(terminal);
  if (useTerminals.getState().terminals.length === 0) openTerminal();
}

export function resizeTerminal(terminal: string, rows: number, cols: number): void {
  lastSize = { rows, cols };
  setTerminalWidth(terminal, cols);
  client?.send({ type: 'resize', terminal, rows, cols });
}

/** Keys as typed. What the editor holds is on the workstation's disk before. */
export function typeKeys(terminal: string, data: string): void {
  writeDown();
  client?.send({ type: 'input', terminal, data });
}

const lines = new Map<string, string[]>();
const timers = new Map<string, number>();

/** Types whole lines one after the other, each when the shell waits again (or after a moment, when it never says so). */
export function typeLines(terminal: string, text: readonly string[]): void {
  const waiting = lines.get(terminal) ?? [];
  waiting.push(...text);
  lines.set(terminal, waiting);
  if (!timers.has(terminal)) typeNext(terminal);
}

function typeNext(terminal: string): void {
  window.clearTimeout(timers.get(terminal));
  timers.delete(terminal);
  const line = lines.get(terminal)?.shift();
  if (line === undefined) return;
  typeKeys(terminal, `${line}\n`);
  timers.set(
    terminal,
    window.setTimeout(() => typeNext(terminal), 400),
  );
}

/** Forgets lines not typed yet, as after Ctrl-C. */
export function stopTyping(terminal: string): void {
  lines.delete(terminal);
}

export async function complete(terminal: string, line: string, cursor: number): Promise<{ start: number; candidates: readonly string[] }> {
  if (!client) return { start: cursor, candidates: [] };
  return client.ask({ type: 'complete', terminal, line, cursor }, 'completions');
}

// The engine makes the sentences; it is told when the reader's language changes, and asked again.
useSettings.subscribe(({ language }, before) => {
  if (language === before.language || !client) return;
  client.send({ type: 'language', language });
  refreshView();
  check();
  if (about) void client.ask({ type: 'explain', about }, 'explanation').then(({ explanation }) => useSession.setState({ explanation }));
});

let asked = 0;
let viewPending = false;

/** Asks for the cluster's state, at most once in flight and with a pause between. */
function refreshView(): void {
  if (viewPending || !client) return;
  viewPending = true;
  const engine = client;
  const pause = Math.max(0, 80 - (performance.now() - asked));
  window.setTimeout(() => {
    viewPending = false;
    asked = performance.now();
    void engine.ask({ type: 'view' }, 'view').then(({ view }) => useSession.setState({ view }));
  }, pause);
}

let about: ExplainTarget | null = null;

/** Asks why, and shows the answer in its tab. */
export function explain(target: ExplainTarget): void {
  if (!client) return;
  about = target;
  useSession.setState({ explanation: 'asking' });
  useSettings.getState().set({ tab: 'why', part: 'inspect' });
  void client.ask({ type: 'explain', about: target }, 'explanation').then(({ explanation }) => useSession.setState({ explanation }));
}

// Edits: text → workstation's file → diagnostics or live run.

let checkTimer = 0;
let unwritten = false;

/** The reader is done with a file that a program opened; the program goes on. */
export function finishEdit(id: number, text: string): void {
  client?.send({ type: 'edited', id, text });
}

/** A change of the manifest on screen. */
export function edit(text: string): void {
  useEditor.getState().setText(useSettings.getState().lesson, text);
  unwritten = true;
  window.clearTimeout(checkTimer);
  checkTimer = window.setTimeout(check, 100);
}

function current(): { file: string; text: string } {
  const lesson = lessonById(useSettings.getState().lesson);
  return { file: lesson.file, text: textOf(lesson.id) };
}

function writeDown(): void {
  if (!unwritten) return;
  unwritten = false;
  const { file, text } = current();
  client?.send({ type: 'writeFile', path: file, text });
}

/** Chooses another lesson. */
export function chooseLesson(id: string): void {
  writeDown();
  useSettings.getState().set({ lesson: id });
  check();
}

/** The commands watched for a manifest: the usual ones, the first volume's listing, and the pinned ones. */
export function watchedCommands(text: string, pinned: readonly string[]): string[] {
  const mount = /^[^#\n]*mountPath:\s*["']?(\/[^\s"'#]*)/m.exec(text)?.[1];
  return [...new Set(['id', 'ps', ...(mount ? [`ls -l ${mount}`] : []), 'cat /proc/1/status', ...pinned])];
}

let liveBusy = false;
let liveAgain = false;

/** Has the engine look at the manifest on screen: diagnostics, and in live mode a run. */
export function check(): void {
  window.clearTimeout(checkTimer);
  writeDown();
  const engine = client;
  if (!engine) return;
  const { text } = current();
  const { mode, pinned } = useSettings.getState();
  if (mode === 'kubectl') {
    void engine.ask({ type: 'diagnose', text }, 'diagnostics').then(({ diagnostics }) => {
      if (current().text === text) useEditor.setState({ diagnostics });
    });
    return;
  }
  if (liveBusy) {
    liveAgain = true;
    return;
  }
  liveBusy = true;
  void engine.ask({ type: 'live', text, watch: watchedCommands(text, pinned) }, 'live').then(({ live }) => {
    liveBusy = false;
    if (engine !== client) return;
    useEditor.setState({ diagnostics: live.diagnostics });
    const before = useSession.getState();
    useSession.setState({
      view: live.view,
      applied: live.applied,
      ...(live.applied ? { watch: live.watch, watchBefore: before.watch } : {}),
    });
    if (liveAgain) {
      liveAgain = false;
      check();
    }
  });
}
