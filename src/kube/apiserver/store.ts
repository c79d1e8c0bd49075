// The object store: what etcd and the generic registry keep, with versions and listeners.

import type { Origin } from '#provenance/origin.ts';
import type { Change, KubeObject } from '../api/object.ts';

interface Entry {
  readonly object: KubeObject;
  readonly origins: Readonly<Record<string, Origin>>;
}

export class Store {
  private readonly kinds = new Map<string, Map<string, Entry>>();
  private readonly listeners = new Set<(change: Change) => void>();
  private version = 100;

  get(kind: string, namespace: string, name: string): Entry | undefined {
    return this.kinds.get(kind)?.get(`${namespace}/${name}`);
  }

  /** Objects sorted by namespace and name, as etcd's keys are. */
  list(kind: string, namespace?: string): readonly KubeObject[] {
    const entries = [...(this.kinds.get(kind) ?? [])].filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`));
    return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry.object);
  }

  /** Stores an object under a new resourceVersion and tells the listeners. */
  put(object: KubeObject, origins: Readonly<Record<string, Origin>>): KubeObject {
    const namespace = object.metadata.namespace ?? '';
    const key = `${namespace}/${object.metadata.name}`;
    const kind = this.kinds.get(object.kind) ?? new Map<string, Entry>();
    this.kinds.set(object.kind, kind);
    const type = kind.has(key) ? 'MODIFIED' : 'ADDED';
    this.version += 1;
    const stored: KubeObject = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
    kind.set(key, { object: stored, origins });
    this.tell({ kind: object.kind, namespace, name: object.metadata.name, type });
    return stored;
  }

  remove(kind: string, namespace: string, name: string): void {
    if (this.kinds.get(kind)?.delete(`${namespace}/${name}`)) {
      this.version += 1;
      this.tell({ kind, namespace, name, type: 'DELETED' });
    }
  }

  get resourceVersion(): string {
    return String(this.version);
  }

  onChange(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(change: Change): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}
