// Arithmetic of the three shells: each has a grammar of its own.

import type { DialectName } from '../dialect.ts';
import { compileAsh } from './ash.ts';
import { compileBash } from './bash.ts';
import { compileDash } from './dash.ts';
import type { Compiled } from './numbers.ts';

export { type ArithEnv, ArithFault, type Compiled, type Num, truth } from './numbers.ts';

const COMPILERS: Readonly<Record<DialectName, (text: string) => Compiled>> = { ash: compileAsh, dash: compileDash, bash: compileBash };

/** Makes a function of an expression; throws ArithFault for a syntax error. */
export const compileArith = (text: string, dialect: DialectName): Compiled => COMPILERS[dialect](text);
