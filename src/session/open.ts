// A playground whose code is all there from the start: what the command line and tests use.

import * as cluster from './clusterCode.ts';
import { COMMANDS } from './commands.ts';
import type { Late } from './late.ts';
import { Playground } from './playground.ts';
import type { ScenarioInput } from './protocol.ts';
import type { Web } from './world.ts';

/** All that the page fetches later. */
export const ALL: Late = { commands: COMMANDS, cluster };

/** Opens a playground. `web` answers the URLs that kubectl may be given. */
export const openPlayground = (scenario: ScenarioInput, web: Web = () => undefined): Playground => new Playground(scenario, web, ALL);
