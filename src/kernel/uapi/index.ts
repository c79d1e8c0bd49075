// The public face of the kernel for programs: userland and runtime import this and nothing else of `kernel`.

export { diskUsage } from './diskUsage.ts';
export { IMAGE_HEADER, isProgramImage, programId, programImage } from './image.ts';
export { type Program, type ProgramLoader, type ProgramMain, sys, type Trap } from './program.ts';
export type * from './syscalls.ts';
