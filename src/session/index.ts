// The face of the session layer for the page, the embedding and the command line.

export { createEngine } from './engine.ts';
export { type Expectation, type ParsedSession, parseSessionFile, type SessionFile, type Step } from './file.ts';
export { openPlayground } from './open.ts';
export type { Playground, StepResult } from './playground.ts';
export type * from './protocol.ts';
export { type ScriptResult, ScriptRunner } from './scripts.ts';
export type { Web } from './world.ts';
