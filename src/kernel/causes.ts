// Which refused call a piece of output is about: remembered beside the bytes and handed on by whoever copies them from one
// descriptor to another. No behaviour depends on it.

const causes = new WeakMap<Uint8Array, number>();

/** Id of the record of the refused call that these bytes are about; undefined: none. */
export const causeOf = (bytes: Uint8Array): number | undefined => causes.get(bytes);

/** The same bytes, about a refused call when `cause` names one. The array must be the caller's own. */
export function aboutCause(bytes: Uint8Array, cause: number | undefined): Uint8Array {
  if (cause !== undefined && bytes.length > 0) causes.set(bytes, cause);
  return bytes;
}

const NEWLINE = 10;

/**
 * What each task's next output is about. A refused call makes it so; a whole line of output, a successful execve, another mode of the
 * terminal (a line editor that could not keep its history says nothing) or reading something that is about nothing ends it.
 */
export class PendingCauses {
  private readonly pending = new Map<number, number>();

  of(task: number): number | undefined {
    return this.pending.size === 0 ? undefined : this.pending.get(task);
  }

  refused(task: number, record: number): void {
    this.pending.set(task, record);
  }

  /** A call succeeded: what a task reads is what it copies next. */
  answered(task: number, call: string, args: readonly unknown[], value: unknown): void {
    if (call === 'read') {
      const cause = value instanceof Uint8Array ? causeOf(value) : undefined;
      if (cause !== undefined) this.pending.set(task, cause);
      else if (this.pending.size > 0) this.pending.delete(task);
    } else if (this.pending.size === 0) return;
    else if (call === 'execve' || (call === 'ioctl' && (args[1] as { readonly request: string }).request === 'TCSETS'))
      this.pending.delete(task);
    else if (call === 'write' && args[1] instanceof Uint8Array && args[1].at(-1) === NEWLINE) this.pending.delete(task);
  }

  forget(task: number): void {
    this.pending.delete(task);
  }
}
