// mawk: how it goes through its input.

import type { Program } from '#kernel/uapi/index.ts';
import { Awk } from './awk-run.ts';
import { Jump } from './awk-state.ts';
import { toNumber } from './awk-values.ts';

/** Counterpart: mawk 1.3.4 */
export class Mawk extends Awk {
  *run(): Program<number> {
    let status = 0;
    const guarded = function* (part: () => Program<void>): Program<boolean> {
      try {
        yield* part();
        return true;
      } catch (jump) {
        if (!(jump instanceof Jump) || jump.kind !== 'exit') throw jump;
        if (jump.value !== undefined) status = toNumber(jump.value) & 255;
        return false;
      }
    };
    const { rules } = this.program;
    const run = (kind: string): (() => Program<void>) => {
      const self = this;
      return function* () {
        for (const rule of rules) if (rule.kind === kind && rule.body) yield* self.execute(rule.body);
      };
    };
    let going = yield* guarded(run('BEGIN'));
    if (going && rules.some((rule) => rule.kind !== 'BEGIN')) {
      const self = this;
      going = yield* guarded(function* () {
        while ((yield* self.nextRecord()) !== undefined) yield* self.apply();
      });
    }
    if (going || status === 0) yield* guarded(run('END'));
    for (const name of [...this.streams.keys()]) yield* this.close(name);
    return status || this.cli.status;
  }
}
