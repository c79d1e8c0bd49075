// How kubectl reaches the cluster and the web: the only doors of the workstation to the outside.

import type { ApiResource, RestRequest, RestResponse } from '#base/rest.ts';
import type { Program } from '#kernel/uapi/index.ts';

export interface ExecOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  /** Descriptors of the calling task, handed to the far side; null: not connected. */
  readonly stdin: number | null;
  readonly stdout: number | null;
  readonly stderr: number | null;
}

/** As ExecOptions; the container's first process is the far side. */
export type AttachOptions = Omit<ExecOptions, 'command'>;

/** exitCode: the command's; error: the text after "error: " or the Status the server answered with. */
export type ExecOutcome = { readonly exitCode: number } | { readonly error: string };

/** A field of a type, as explain shows it. */
export interface SchemaField {
  readonly name: string;
  readonly type: string; // "string", "[]Container"
  readonly struct?: string;
  readonly required: boolean;
  readonly values?: readonly string[];
  readonly text?: string;
}

/** The types of the API. Counterpart: OpenAPI */
export interface SchemaPort {
  fields(struct: string): readonly SchemaField[] | undefined;
  text(struct: string): string | undefined;
}

export interface ClusterPort {
  readonly schema: SchemaPort;
  /** One request to the API server; takes no simulated time by itself. */
  request(request: RestRequest): RestResponse;
  /** What the API server serves. Counterpart: discovery */
  resources(): readonly ApiResource[];
  /** Runs a command in a container over the caller's descriptors and returns when it has ended. */
  exec(options: ExecOptions): Program<ExecOutcome>;
  /** Connects the caller's descriptors with the first process of a container and returns when one of them is gone. */
  attach(options: AttachOptions): Program<ExecOutcome>;
  /** Blocks until some object of the cluster changed, or the given simulated nanoseconds passed. */
  waitForChange(timeoutNs: bigint): Program<void>;
  /** Text behind a URL that this offline web knows (the tutorial's manifests); undefined: there is no network. */
  fetch(url: string): string | undefined;
}
