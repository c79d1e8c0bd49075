// What the page and the engine say to each other: plain data in and out, so that it crosses a Worker boundary, a frame or
// nothing at all. The page sends `Request`s; the engine answers each that has an `id` with one `reply`, and sends events.

import type { TextRange } from '#provenance/origin.ts';

/** Settings of the simulated node and images, as in a session file (design §4). */
export interface ScenarioInput {
  readonly files: Readonly<Record<string, string>>; // files in the workstation's home directory
  readonly images?: unknown;
  readonly node?: unknown;
  readonly claims?: unknown;
  readonly cluster?: unknown;
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info'; // info: "this line has no effect"
  readonly source: 'yaml' | 'api-server' | 'pod-security' | 'effect';
  readonly message: string; // the exact text the server (or kubectl) would print, without its prefix
  readonly range: TextRange | null; // null: no place in the text
  readonly pointer?: string; // JSON Pointer of the field
}

/** A piece of terminal output. `cause`: id of the refusal that led to it, of a system call or above the kernel; ask `explain` about it. */
export interface Fragment {
  readonly text: string;
  readonly cause?: number;
}

export interface CapabilityView {
  readonly inheritable: string; // 16 hex digits each
  readonly permitted: string;
  readonly effective: string;
  readonly bounding: string;
  readonly ambient: string;
}

export interface ProcessView {
  readonly task: number; // global id, the handle for `explain`
  readonly pid: number; // in its container
  readonly pod: string;
  readonly container: string;
  readonly comm: string;
  readonly argv: readonly string[];
  readonly uids: readonly [number, number, number, number]; // real effective saved filesystem, as seen in the container
  readonly gids: readonly [number, number, number, number];
  readonly groups: readonly number[];
  readonly capabilities: CapabilityView;
  readonly noNewPrivs: boolean;
  readonly seccomp: 0 | 1 | 2;
  readonly state: string;
}

export interface ContainerView {
  readonly name: string;
  readonly state: string; // Running, or the waiting/terminated reason
  readonly image: string;
  readonly processes: readonly ProcessView[];
  /** Intermediate artefacts as JSON, null before they exist; origins by JSON Pointer as sentences. */
  readonly cri: Artefact | null;
  readonly oci: Artefact | null;
}

export interface Artefact {
  readonly json: unknown;
  readonly origins: Readonly<Record<string, string>>;
}

export interface PodView {
  readonly name: string;
  readonly namespace: string;
  readonly phase: string;
  readonly status: string; // STATUS column of kubectl get pods
  readonly manifest: Artefact; // as stored by the API server
  readonly containers: readonly ContainerView[];
}

export interface EventView {
  readonly age: string;
  readonly type: string;
  readonly reason: string;
  readonly object: string;
  readonly message: string;
  /** Id of the refusal it tells of; ask `explain` about it. */
  readonly cause?: number;
}

/** The cluster as the inspector shows it; all of it is read from the engine, nothing is computed in the page. */
export interface ClusterView {
  readonly pods: readonly PodView[];
  readonly events: readonly EventView[];
}

export interface WatchResult {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null; // null: stopped because it did not end
}

/** One step in a chain of causes. */
export interface Cause {
  readonly title: string; // e.g. "gid 3000"
  readonly detail: string;
  readonly pointer?: string; // field of the manifest
  readonly range?: TextRange;
  readonly citation?: string; // manual page or source
}

export interface Explanation {
  readonly title: string;
  /** One or two sentences; empty when the causes say it all. */
  readonly answer: string;
  readonly causes: readonly Cause[];
}

export type Request =
  | { readonly type: 'start'; readonly id: number; readonly scenario: ScenarioInput; readonly language: 'en' | 'ja' }
  /** The language of explanations and origins from now on. */
  | { readonly type: 'language'; readonly language: 'en' | 'ja' }
  | { readonly type: 'openTerminal'; readonly terminal: string; readonly rows: number; readonly cols: number }
  | { readonly type: 'input'; readonly terminal: string; readonly data: string } // as a keyboard would send it: "ls\n", "\x03", "\x04"
  | { readonly type: 'resize'; readonly terminal: string; readonly rows: number; readonly cols: number }
  | { readonly type: 'complete'; readonly id: number; readonly terminal: string; readonly line: string; readonly cursor: number }
  | { readonly type: 'writeFile'; readonly path: string; readonly text: string } // in the workstation's home
  /** The reader is done with a file that an event `edit` brought. */
  | { readonly type: 'edited'; readonly id: number; readonly text: string }
  | { readonly type: 'diagnose'; readonly id: number; readonly text: string }
  /** Live mode: applies the manifest (re-creating what cannot be changed), lets it settle, runs the watched commands in its first container. */
  | { readonly type: 'live'; readonly id: number; readonly text: string; readonly watch: readonly string[] }
  | { readonly type: 'view'; readonly id: number }
  | { readonly type: 'explain'; readonly id: number; readonly about: ExplainTarget };

export type ExplainTarget =
  | { readonly kind: 'denial'; readonly record: number } // a `cause`
  | { readonly kind: 'credential'; readonly task: number; readonly field: string; readonly value?: string } // uid, gid, groups, CapEff, CAP_NET_RAW …
  | {
      readonly kind: 'pointer';
      readonly pod: string;
      readonly artefact: 'manifest' | 'cri' | 'oci';
      readonly container?: string;
      readonly pointer: string;
    };

export interface LiveReply {
  readonly diagnostics: readonly Diagnostic[];
  readonly applied: boolean;
  readonly watch: readonly WatchResult[];
  readonly view: ClusterView;
}

export type Reply =
  | { readonly type: 'started' }
  | { readonly type: 'completions'; readonly start: number; readonly candidates: readonly string[] }
  | { readonly type: 'diagnostics'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'live'; readonly live: LiveReply }
  | { readonly type: 'view'; readonly view: ClusterView }
  | { readonly type: 'explanation'; readonly explanation: Explanation | null };

export type Event =
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly type: 'output'; readonly terminal: string; readonly fragments: readonly Fragment[] }
  /** idle: the terminal's shell waits for input; busy: something runs. `echo`: the terminal echoes typed text (off while a password is read). */
  | { readonly type: 'terminal'; readonly terminal: string; readonly status: 'idle' | 'busy' | 'closed'; readonly echo: boolean }
  /** A program wants a file edited; it waits for `edited`, or ends by itself. */
  | { readonly type: 'edit'; readonly id: number; readonly file: string; readonly text: string }
  | { readonly type: 'editEnded'; readonly id: number }
  /** Something in the cluster changed: ask for `view`. */
  | { readonly type: 'changed' }
  | { readonly type: 'bug'; readonly message: string };

/** The engine as the page sees it, wherever it runs. */
export interface EngineClient {
  send(request: Request): void;
  onEvent(listener: (event: Event) => void): () => void;
}

/** The engine itself: the host calls `pump` until it returns false, in slices, and again after every `send`. */
export interface Engine {
  send(request: Request): void;
  /** Does at most about `traps` system calls' worth of work; true: there is more to do now. */
  pump(traps: number): boolean;
  /** Real time has passed: simulated time follows it, and what waited for it may run at the next pump. */
  advance(ms: number): void;
}
