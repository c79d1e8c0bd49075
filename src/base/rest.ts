// A REST request and its response as plain values, as kubectl and the API server exchange them.

/** The user of the workstation's kubeconfig, with the group system:masters. */
export const ADMINISTRATOR = 'admin';

export interface RestRequest {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
  readonly group: string; // "" for the core group
  readonly version: string; // "v1"
  readonly resource: string; // plural: "pods"
  readonly subresource?: string; // "status", "log", "ephemeralcontainers", "eviction"
  readonly namespace?: string;
  readonly name?: string;
  /** Who asks; the administrator unless told. */
  readonly user?: string;
  /** The user's groups. Without them nobody asks whether it may: it is the control plane itself, or system:masters. */
  readonly groups?: readonly string[];
  readonly body?: unknown; // JSON
  /** Raw text of the body where strict decoding must see duplicates and positions. */
  readonly raw?: string;
  readonly patchType?: 'strategic' | 'merge' | 'json' | 'apply';
  readonly query?: Readonly<Record<string, string>>; // dryRun, fieldValidation, labelSelector, fieldSelector, gracePeriodSeconds, container, tailLines …
  /** Ask for a meta.k8s.io/v1 Table instead of the objects, as `kubectl get` does. */
  readonly asTable?: boolean;
}

export interface RestResponse {
  readonly code: number; // HTTP status
  readonly body: unknown; // object, list, Table or Status; text for logs
  readonly warnings: readonly string[]; // texts of Warning headers, without the 299 prefix
}

/** One resource as discovery describes it. Counterpart: metav1.APIResource */
export interface ApiResource {
  readonly group: string; // "" for the core group
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly categories: readonly string[]; // "all"
  readonly verbs: readonly string[];
}
