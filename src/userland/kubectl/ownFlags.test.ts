import { expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { parseFlags } from './flags.ts';
import { strayFlag } from './ownFlags.ts';

// kubectl/pkg/cmd/create/*.go and kubectl/pkg/cmd/set/*.go, v1.36: the flags each NewCmd adds.
it.each([
  ['create deployment x --image=a --schedule=b', 'unknown flag: --schedule', 'create deployment'],
  ['create deploy x --image=a --replicas=2', undefined, undefined],
  ['create ns x --image=a', 'unknown flag: --image', 'create namespace'],
  ['create -f x.yaml --image=a', 'unknown flag: --image', 'create'],
  ['create secret generic x --cert=a', 'unknown flag: --cert', 'create secret generic'],
  ['create secret tls x --cert=a --key=b', undefined, undefined],
  ['create svc nodeport x --tcp=80 --clusterip=None', 'unknown flag: --clusterip', 'create service nodeport'],
  ['create job x -f a', "unknown shorthand flag: 'f' in -f", 'create job'],
  ['set image deployment/x a=b -eA=b', "unknown shorthand flag: 'e' in -eA=b", 'set image'],
  ['set env deployment/x -e A=b -c x -l a=b', undefined, undefined],
  ['set serviceaccount deployment/x a -l a=b', "unknown shorthand flag: 'l' in -l", 'set serviceaccount'],
  ['set selector svc/x a=b --all --resource-version=1', undefined, undefined],
  ['get pods --all-namespaces', undefined, undefined],
])('%s', (line, complaint, command) => {
  const [name = '', ...words] = line.split(' ');
  const specs = COMMANDS[name]?.flags ?? [];
  const parsed = parseFlags(words, specs);
  expect(parsed.ok).toBe(true);
  const stray = parsed.ok ? strayFlag(name, parsed.parsed, specs, words) : undefined;
  expect([stray?.complaint, stray?.command]).toEqual([complaint, command]);
});
