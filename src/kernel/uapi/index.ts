// The public face of the kernel for programs: userland and runtime import this and nothing else of `kernel`.

export { programId, programImage, IMAGE_HEADER } from './image.ts';
export { type Program, type ProgramLoader, type ProgramMain, sys, type Trap } from './program.ts';
export type * from './syscalls.ts';
