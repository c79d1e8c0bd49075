// The part of bash that no prompt needs, see bashparts.ts; importing it is enough.

import { compileRegex } from '../lib/regex.ts';
import { provideBashParts } from './bashparts.ts';
import { declaration, declare } from './builtins/declare.ts';
import { mapfile } from './builtins/mapfile.ts';
import { shopt } from './builtins/shopt.ts';
import { ask } from './select.ts';
import { transform, whole } from './transforms.ts';

provideBashParts({ ask, builtins: { declare, mapfile, shopt }, compileRegex, declaration, transform, whole });
