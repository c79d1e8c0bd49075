// File types and permission bits of st_mode. Counterpart: inode(7)

export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFBLK = 0o060000;
export const S_IFDIR = 0o040000;
export const S_IFCHR = 0o020000;
export const S_IFIFO = 0o010000;

export const S_ISUID = 0o4000;
export const S_ISGID = 0o2000;
export const S_ISVTX = 0o1000;

/** Wanted access, as in access(2) and the kernel's MAY_* masks. */
export const MAY_EXEC = 1;
export const MAY_WRITE = 2;
export const MAY_READ = 4;

export const isDir = (mode: number): boolean => (mode & S_IFMT) === S_IFDIR;
export const isReg = (mode: number): boolean => (mode & S_IFMT) === S_IFREG;
export const isLnk = (mode: number): boolean => (mode & S_IFMT) === S_IFLNK;
export const isChr = (mode: number): boolean => (mode & S_IFMT) === S_IFCHR;
export const isBlk = (mode: number): boolean => (mode & S_IFMT) === S_IFBLK;
export const isFifo = (mode: number): boolean => (mode & S_IFMT) === S_IFIFO;
export const isSock = (mode: number): boolean => (mode & S_IFMT) === S_IFSOCK;

const TYPE_LETTER: Readonly<Record<number, string>> = {
  [S_IFSOCK]: 's',
  [S_IFLNK]: 'l',
  [S_IFREG]: '-',
  [S_IFBLK]: 'b',
  [S_IFDIR]: 'd',
  [S_IFCHR]: 'c',
  [S_IFIFO]: 'p',
};

/** The ten letters `ls -l` shows, e.g. drwxrwsrwt. */
export function modeString(mode: number): string {
  const triple = (bits: number, special: boolean, lower: string): string => {
    const x = (bits & 1) !== 0;
    const last = special ? (x ? lower : lower.toUpperCase()) : x ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  };
  return (
    (TYPE_LETTER[mode & S_IFMT] ?? '?') +
    triple((mode >> 6) & 7, (mode & S_ISUID) !== 0, 's') +
    triple((mode >> 3) & 7, (mode & S_ISGID) !== 0, 's') +
    triple(mode & 7, (mode & S_ISVTX) !== 0, 't')
  );
}

/** Device number from major and minor, as makedev(3) packs small ones; both halves come back with major() and minor(). */
export const makedev = (major: number, minor: number): number => major * 0x100000 + minor;
export const major = (dev: number): number => Math.floor(dev / 0x100000);
export const minor = (dev: number): number => dev % 0x100000;
