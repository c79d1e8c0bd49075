// Which image a reference names. Counterpart: distribution/reference, and a registry that knows a few repositories.

import type { Image, ImageConfig, ImageEntry } from '../image.ts';
import { agnhost, alpine, busybox, debian, nodeHello, pause } from './base.ts';
import { EXAMPLES } from './examples.ts';
import { nginx, nginxUnprivileged } from './nginx.ts';

/** Extra or changed images of a session, by the reference used in the manifest. With `from` alone: one more tag of that image. */
export interface ImageSettings {
  readonly from: string;
  readonly config?: ImageConfig;
  readonly files?: readonly ImageEntry[];
}

// Repositories whose every tag resolves; a list of tags where only those exist.
const REPOSITORIES: Readonly<Record<string, Image>> = {
  'docker.io/library/busybox': busybox,
  'registry.k8s.io/busybox': busybox,
  'gcr.io/google-containers/busybox': busybox,
  'k8s.gcr.io/busybox': busybox,
  'docker.io/library/debian': debian,
  'docker.io/library/ubuntu': debian,
  'docker.io/library/nginx': nginx,
  'docker.io/nginxinc/nginx-unprivileged': nginxUnprivileged,
  'docker.io/library/alpine': alpine,
  'docker.io/library/node': nodeHello,
  'gcr.io/google-samples/node-hello': nodeHello,
  'gcr.io/google-samples/hello-app': nodeHello,
  'us-docker.pkg.dev/google-samples/containers/gke/hello-app': nodeHello,
  'registry.k8s.io/e2e-test-images/agnhost': agnhost,
  'registry.k8s.io/pause': pause,
  ...Object.fromEntries(Object.entries(EXAMPLES).map(([name, image]) => [`docker.io/example/${name}`, image])),
};
const BUILT_IN: Readonly<Record<string, Image>> = {
  busybox,
  agnhost,
  debian,
  nginx,
  alpine,
  pause,
  'node-hello': nodeHello,
  'hello-app': nodeHello,
};
// Versions, and the words these repositories really publish as tags.
const TAG = /^(v?\d[\w.-]*|(latest|stable|mainline|lts|current|alpine|glibc|musl|uclibc|bookworm|noble|jammy)(-slim)?)$/;

/** Full form of a reference: registry, library/ and tag are filled in. */
export function normalise(reference: string): string {
  const [name = '', digest] = reference.split('@') as [string, string?];
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  const first = repository.split('/')[0] as string;
  const hasHost = repository.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost');
  const path = hasHost ? repository : `docker.io/${repository.includes('/') ? repository : `library/${repository}`}`;
  if (digest !== undefined) return `${path}@${digest}`;
  return `${path}:${tag ?? 'latest'}`;
}

const repositoryOf = (full: string): string => full.replace(/@.*$/, '').replace(/:[^:/]*$/, '');

/** Finds images; those of the session come before the built-in ones. */
export class ImageCatalogue {
  private readonly own = new Map<string, Image>();

  constructor(settings: Readonly<Record<string, ImageSettings>> = {}) {
    for (const [reference, setting] of Object.entries(settings)) {
      const base = BUILT_IN[setting.from] ?? this.find(setting.from);
      if (base === undefined) continue;
      if (setting.config === undefined && setting.files === undefined && BUILT_IN[setting.from] === undefined) {
        this.own.set(normalise(reference), { ...base, base, entries: [], tag: normalise(setting.from) });
        continue;
      }
      const config = { ...base.config, ...setting.config };
      this.own.set(normalise(reference), { ...base, name: reference, config, base, entries: setting.files ?? [] });
    }
  }

  /** The image behind a reference, or undefined if no registry has it. */
  find(reference: string): Image | undefined {
    const full = normalise(reference);
    const own = this.own.get(full);
    if (own !== undefined) return own;
    const image = REPOSITORIES[repositoryOf(full)];
    const tag = full.slice(repositoryOf(full).length + 1);
    if (image === undefined || !(TAG.test(tag) || full.includes('@'))) return undefined;
    return image;
  }
}

/** The pause image of sandboxes. */
export const SANDBOX_IMAGE = 'registry.k8s.io/pause:3.10.1';
export { pause as pauseImage };
