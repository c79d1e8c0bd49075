// Program images: how an executable file says which program it is. The file begins like an ELF executable and carries the
// id of the program in its first 128 bytes; the rest is a hole of zeros, so that its size is that of the real file.
// Copying, linking or truncating such a file does what it does to a real executable.

const ELF = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3e, 0]);
const ID_AT = 64;
const ID_MAX = 63;

/** Number of bytes of the header; a shorter file is no program (ENOEXEC). */
export const IMAGE_HEADER = 128;

/** The first bytes of the executable of a program. `id` is at most 63 ASCII characters, e.g. "busybox", "coreutils/ls". */
export function programImage(id: string): Uint8Array {
  if (id.length > ID_MAX) throw new Error(`program id too long: ${id}`);
  const header = new Uint8Array(IMAGE_HEADER);
  header.set(ELF);
  header.set(new TextEncoder().encode(id), ID_AT);
  return header;
}

/** Are these the first bytes of one of our images? */
export const isProgramImage = (bytes: Uint8Array): boolean => bytes.length >= IMAGE_HEADER && ELF.every((byte, at) => bytes[at] === byte);

/** The program id in the first bytes of a file; undefined if this is not one of our images. */
export function programId(bytes: Uint8Array): string | undefined {
  if (!isProgramImage(bytes)) return undefined;
  const end = bytes.indexOf(0, ID_AT);
  return new TextDecoder().decode(bytes.subarray(ID_AT, end));
}
