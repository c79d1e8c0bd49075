// A playground with every command there from the start: what the command line and tests use.

import { COMMANDS } from './commands.ts';
import { Playground } from './playground.ts';
import type { ScenarioInput } from './protocol.ts';
import type { Web } from './world.ts';

/** Opens a playground. `web` answers the URLs that kubectl may be given. */
export const openPlayground = (scenario: ScenarioInput, web: Web = () => undefined): Playground =>
  new Playground(scenario, web, () => COMMANDS);
