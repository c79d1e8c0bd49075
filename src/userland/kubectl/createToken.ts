// kubectl create token. Counterpart: kubectl/pkg/cmd/create/create_token.go, v1.36

import type { Program } from '#kernel/uapi/index.ts';
import { isTty } from '../lib/cli.ts';
import { out } from '../lib/io.ts';
import { printObject } from './output.ts';
import { type Call, fail, flagOf, flagsOf, send } from './session.ts';
import { duration } from './wait.ts';

/** In the order of a message. */
const BOUND = ['Node', 'Pod', 'Secret'];
const SECOND = 1_000_000_000n;

/** What is wrong with the options, or nothing. Counterpart: TokenOptions.Validate */
function complaint(call: Call, length: bigint): string | undefined {
  if (length < 0n) return '--duration must be greater than or equal to 0';
  if (length % SECOND !== 0n) return '--duration cannot be expressed in units less than seconds';
  if (flagsOf(call, 'audience').includes('')) return '--audience must not be an empty string';
  const [kind, name, uid] = ['kind', 'name', 'uid'].map((word) => flagOf(call, `bound-object-${word}`) ?? '');
  if (kind === '') {
    if (name) return '--bound-object-name can only be set if --bound-object-kind is provided';
    return uid ? '--bound-object-uid can only be set if --bound-object-kind is provided' : undefined;
  }
  if (!BOUND.includes(kind as string)) return `supported --bound-object-kind values are ${BOUND.join(', ')}`;
  return name ? undefined : '--bound-object-name is required if --bound-object-kind is provided';
}

export function* createToken(call: Call, name: string): Program<number> {
  const text = flagOf(call, 'duration') ?? '0s';
  const length = duration(text);
  if (length === undefined) return yield* fail(`invalid argument "${text}" for "--duration" flag: time: invalid duration "${text}"`);
  const wrong = complaint(call, length);
  if (wrong !== undefined) return yield* fail(wrong);
  const kind = flagOf(call, 'bound-object-kind');
  const uid = flagOf(call, 'bound-object-uid');
  const boundObjectRef = { apiVersion: 'v1', kind, name: flagOf(call, 'bound-object-name'), ...(uid ? { uid } : {}) };
  const answer = yield* send(call, {
    verb: 'create',
    group: '',
    version: 'v1',
    resource: 'serviceaccounts',
    subresource: 'token',
    namespace: call.namespace,
    name,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: flagsOf(call, 'audience'),
        ...(kind ? { boundObjectRef } : {}),
        ...(length > 0n ? { expirationSeconds: Number(length / SECOND) } : {}),
      },
    },
  });
  if (!answer.ok) return yield* fail(`failed to create token: ${answer.status.message}`);
  const output = flagOf(call, 'output');
  if (output) return yield* printObject(call, output, answer.body);
  yield* out(`${answer.body.status.token}${(yield* isTty(1)) ? '\n' : ''}`);
  return 0;
}
