#!/usr/bin/env node
// `npm run -s scplay -- COMMAND …`: the headless playground. See src/cli/README.md.

import { loadHeadless } from './headless.mjs';

const { main } = await loadHeadless();
process.exitCode = await main(process.argv.slice(2));
