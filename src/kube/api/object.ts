// An API object as plain JSON, and the names of the kinds the server knows.

export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string | null;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: unknown[];
}

/** A stored object. It is never changed in place: every write makes a new one. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // biome-ignore lint/suspicious/noExplicitAny: an API object is open JSON; its shape is checked by the schema tables
  [field: string]: any;
}

export interface EventInput {
  readonly involvedObject: {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
    readonly apiVersion?: string;
    readonly resourceVersion?: string;
  };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string; // "kubelet", "default-scheduler"
  readonly fieldPath?: string; // "spec.containers{c}"
}

export interface Change {
  readonly kind: string;
  readonly namespace: string; // "" for cluster-scoped objects
  readonly name: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
}
