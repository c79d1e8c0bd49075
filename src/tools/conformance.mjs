// `npm run conformance [-- DIR…] [--diff] [--only REGEX]`: replays recordings of the real thing. See e2e/README.md.

import { loadHeadless } from './headless.mjs';

const { conformance } = await loadHeadless();
process.exitCode = await conformance(process.argv.slice(2));
