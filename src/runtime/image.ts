// Images as data. An image is a configuration and an ordered list of entries to unpack; `from` stacks images.

/** One entry of an image layer, in the words of the session file format (design §4). */
export interface ImageEntry {
  readonly path: string;
  readonly type?: 'file' | 'dir' | 'symlink' | 'fifo' | 'copy' | 'delete' | 'program' | 'hardlink' | 'tree'; // "file" if missing
  readonly content?: string; // file
  readonly target?: string; // symlink, hardlink
  readonly from?: string; // copy: a path of the same image
  readonly program?: string; // program: id, see kernel/uapi/image.ts
  readonly size?: number; // program: size in bytes of the real executable
  readonly count?: number; // tree: how many empty files; on the node and in claims only
  readonly perDirectory?: number; // tree: how many of them in one directory
  readonly mode?: string; // octal
  readonly uid?: number;
  readonly gid?: number;
  readonly cap?: string; // file capabilities in cap_from_text form, e.g. "cap_net_raw+ep"
  readonly mtime?: number; // seconds since the epoch
}

/** Counterpart: OCI image-spec config. */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly Volumes?: readonly string[];
  readonly StopSignal?: string;
}

export interface Image {
  readonly name: string; // e.g. "busybox"
  /** The full reference this image is another tag of; the runtime reports that one. */
  readonly tag?: string;
  readonly config: ImageConfig;
  /** The image whose layers lie below. */
  readonly base?: Image;
  readonly entries: readonly ImageEntry[];
  readonly size: number; // compressed bytes, as the runtime reports it
}
