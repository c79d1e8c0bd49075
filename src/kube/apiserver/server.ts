// The simulated kube-apiserver: the one door to the store for kubectl, kubelet and controllers.

import type { RestRequest, RestResponse } from '#base/rest.ts';
import type { Origin, TextRange } from '#provenance/origin.ts';
import type { Change, EventInput, KubeObject } from '../api/object.ts';

export interface ApiServerDeps {
  now(): bigint; // simulated time, nanoseconds since 1970
  random(): number; // 0 ≤ n < 2^32, deterministic
  readonly nodeName: string;
  readonly allowPrivileged?: boolean; // default true
}

/** Same shape as a Diagnostic of the session protocol. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly source: 'yaml' | 'api-server' | 'pod-security' | 'effect';
  readonly message: string;
  readonly range: TextRange | null;
  readonly pointer?: string;
}

export class ApiServer {
  constructor(_deps: ApiServerDeps) {}

  /** Answers whatever kubectl can ask; errors are Status objects with the real server's texts. */
  request(_request: RestRequest): RestResponse {
    throw new Error('unwritten');
  }

  /** The stored object, or undefined. namespace is "" for cluster-scoped kinds. */
  get(_kind: string, _namespace: string, _name: string): KubeObject | undefined {
    throw new Error('unwritten');
  }

  /** Stored objects of a kind, by namespace and name. */
  list(_kind: string, _namespace?: string): readonly KubeObject[] {
    throw new Error('unwritten');
  }

  /** Creates or replaces without admission and validation, as components do for their own objects (Node, token ConfigMap). */
  put(_object: KubeObject, _origins?: Readonly<Record<string, Origin>>): KubeObject {
    throw new Error('unwritten');
  }

  /** Changes any part of a stored object; does nothing if it is gone or mutate returns it unchanged. */
  updateStatus(_kind: string, _namespace: string, _name: string, _mutate: (object: KubeObject) => KubeObject): void {
    throw new Error('unwritten');
  }

  /** Removes at once: what the kubelet does at the end of a graceful deletion. */
  remove(_kind: string, _namespace: string, _name: string): void {
    throw new Error('unwritten');
  }

  /** Records an Event; a repeated one raises the count of the first. */
  recordEvent(_event: EventInput): void {
    throw new Error('unwritten');
  }

  /** Calls the listener after every change; returns the function that stops that. */
  onChange(_listener: (change: Change) => void): () => void {
    throw new Error('unwritten');
  }

  /** Where the leaves of a stored object came from, by JSON Pointer. */
  originsOf(_kind: string, _namespace: string, _name: string): Readonly<Record<string, Origin>> {
    throw new Error('unwritten');
  }

  /** Everything the client or server would say about a manifest, with places in the text. */
  diagnose(_text: string): readonly Finding[] {
    throw new Error('unwritten');
  }
}
