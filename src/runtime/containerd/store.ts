// Which images the node has, and where they are unpacked. Counterpart: containerd image store, overlayfs snapshotter

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { CriResult, ImageStatus } from '../cri.ts';
import type { Image } from '../image.ts';
import { ImageCatalogue, type ImageSettings, normalise, SANDBOX_IMAGE } from '../images/index.ts';
import type { NodeSettings } from '../node.ts';
import { mkdirAll } from '../runc/paths.ts';
import { pseudoDigest } from './ids.ts';
import { unpackEntries } from './layers.ts';
import { prepareNode } from './prepare.ts';

const SNAPSHOTS = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
/** Images that were on the node before the session began. */
const PRELOADED = [
  'docker.io/library/busybox',
  'registry.k8s.io/busybox',
  'registry.k8s.io/e2e-test-images/agnhost',
  'gcr.io/google-samples/',
  'registry.k8s.io/pause',
  'docker.io/library/debian',
  'docker.io/example/tools:',
];
/** Images that were imported from a file: no registry vouches for a digest of theirs. */
const IMPORTED = 'docker.io/example/tools:';
const BYTES_PER_NS = 0.2; // 200 MB/s
const UNPACK_POLL_NS = 1_000_000n;

/** An image's digests, worked out once: status is asked for in every pass of the kubelet. */
const digests = new WeakMap<Image, { readonly manifest: string; readonly config: string }>();
function digestsOf(image: Image): { readonly manifest: string; readonly config: string } {
  let known = digests.get(image);
  if (known === undefined) {
    known = {
      manifest: `sha256:${pseudoDigest(JSON.stringify([image.name, image.config]))}`,
      config: `sha256:${pseudoDigest(`${image.name} config ${JSON.stringify(image.config)}`)}`,
    };
    digests.set(image, known);
  }
  return known;
}

/** What the runtime says of an image. */
export function imageStatus(image: Image, reference: string): ImageStatus {
  const full = normalise(reference);
  const repository = full.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  const { manifest, config } = digestsOf(image);
  const user = (image.config.User ?? '').split(':')[0] as string;
  return {
    id: config,
    repo_tags: full.includes('@') ? [] : [...new Set([image.tag ?? full, full])],
    repo_digests: full.startsWith(IMPORTED) ? [] : [`${repository}@${manifest}`],
    size: image.size,
    uid: /^\d+$/.test(user) ? Number(user) : null,
    username: /^\d*$/.test(user) ? '' : user,
  };
}

export class ImageStore {
  private readonly catalogue: ImageCatalogue;
  private readonly own: ReadonlySet<string>;
  private readonly present = new Set<string>();
  private readonly absent: ReadonlySet<string>;
  private readonly listed = new Map<string, Image>();
  private readonly roots = new Map<Image, string>();
  /** Images that some container's creation is unpacking now; others wait for it. */
  private readonly unpacking = new Set<Image>();
  private snapshots = 0;
  private ready = false;

  constructor(settings: Readonly<Record<string, ImageSettings>> = {}, disk: NodeSettings['images'] = {}) {
    this.catalogue = new ImageCatalogue(settings);
    this.own = new Set(Object.keys(settings).map(normalise));
    for (const reference of disk.present ?? []) this.present.add(normalise(reference));
    this.absent = new Set((disk.absent ?? []).map(normalise));
  }

  /** Prepares the node at the first use. */
  *setUp(): Program<void> {
    if (this.ready) return;
    this.ready = true;
    yield* prepareNode();
  }

  /** The image if it is on the node. */
  local(reference: string): Image | undefined {
    const full = normalise(reference);
    const usual = this.own.has(full) || PRELOADED.some((prefix) => full.startsWith(prefix));
    const here = this.present.has(full) || (usual && !this.absent.has(full));
    const image = here ? this.catalogue.find(reference) : undefined;
    if (image !== undefined) this.listed.set(full, image);
    return image;
  }

  /** Images the node was asked for and has, by full reference, and the one of sandboxes. Counterpart: CRI ListImages */
  *list(): Generator<readonly [string, Image]> {
    yield [SANDBOX_IMAGE, this.pause];
    yield* this.listed;
  }

  /** Gets an image from its registry; takes simulated time. */
  *pull(reference: string): Program<CriResult<Image>> {
    const image = this.catalogue.find(reference);
    const full = normalise(reference);
    if (image === undefined) {
      yield* sys.nanosleep(400_000_000n);
      return {
        ok: false,
        code: 'NotFound',
        message: `failed to pull and unpack image "${full}": failed to resolve image: ${full}: not found`,
      };
    }
    yield* sys.nanosleep(33_000_000n + (BigInt(Math.floor(image.size / BYTES_PER_NS)) / 1_000_000n) * 1_000_000n);
    this.present.add(full);
    this.listed.set(full, image);
    return { ok: true, value: image };
  }

  /** The directory a built-in or session image is unpacked in. Throws when there is none of that name. */
  *unpackedNamed(reference: string): Program<string> {
    yield* this.setUp();
    const image = this.find(reference);
    if (image === undefined) throw new Error(`no image ${reference}`);
    return yield* this.unpacked(image);
  }

  /** The directory an image is unpacked in: the top of a file system of its own, over that of its base. Done once. */
  *unpacked(image: Image): Program<string> {
    while (this.unpacking.has(image)) yield* sys.nanosleep(UNPACK_POLL_NS);
    const known = this.roots.get(image);
    if (known !== undefined) return known;
    this.unpacking.add(image);
    const path: string = yield* this.unpack(image);
    this.roots.set(image, path);
    this.unpacking.delete(image);
    return path;
  }

  private *unpack(image: Image): Program<string> {
    const lower: string | undefined = image.base && (yield* this.unpacked(image.base));
    if (lower !== undefined && image.entries.length === 0) return lower;
    const root: string = yield* this.snapshot();
    const path = `${root}/fs`;
    if (lower !== undefined) {
      yield* sys.mkdirat(AT_FDCWD, `${root}/upper`, 0o755);
      yield* sys.mount('overlay', path, 'overlay', 0, `lowerdir=${lower},upperdir=${root}/upper,workdir=${root}/work`);
    } else {
      yield* sys.mount('/dev/sda1', path, 'ext4', 0, '');
      yield* sys.fchmodat(AT_FDCWD, path, 0o755);
    }
    yield* unpackEntries(path, image.entries);
    return path;
  }

  /** A new snapshot directory with fs and work. */
  *snapshot(): Program<string> {
    const path = `${SNAPSHOTS}/${++this.snapshots}`;
    const made: SysResult<void> = yield* mkdirAll(`${path}/fs`);
    yield* sys.mkdirat(AT_FDCWD, `${path}/work`, 0o711);
    if (!made.ok) throw new Error(`no snapshot directory: ${made.errno}`);
    return path;
  }

  find(reference: string): Image | undefined {
    return this.catalogue.find(reference);
  }

  get pause(): Image {
    return this.catalogue.find(SANDBOX_IMAGE) as Image;
  }
}
