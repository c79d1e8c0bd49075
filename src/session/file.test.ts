import { expect, test } from 'vitest';
import { parseSessionFile } from './file.ts';

test('a session file gives its files and steps as written', () => {
  const text = 'name: a\nfiles: { pod.yaml: "x: 1\\n" }\nsteps:\n  - run: kubectl apply -f pod.yaml\n    expect: { exitCode: 0 }\n';
  expect(parseSessionFile('a.yaml', text)).toEqual([
    {
      ok: true,
      session: { name: 'a', files: { 'pod.yaml': 'x: 1\n' }, steps: [{ run: 'kubectl apply -f pod.yaml', expect: { exitCode: 0 } }] },
    },
  ]);
});

test('JSON works, also an array of sessions; documents of one YAML file are separate sessions', () => {
  expect(parseSessionFile('a.json', '[{"name":"a","steps":[]},{"name":"b","steps":[]}]').map((s) => s.ok && s.session.name)).toEqual([
    'a',
    'b',
  ]);
  expect(parseSessionFile('a.yaml', 'name: a\nsteps: []\n---\nname: b\nsteps: []\n').map((s) => s.ok && s.session.name)).toEqual([
    'a',
    'b',
  ]);
});

test('errors name file, line and field, all of them, and do not stop the other documents', () => {
  const text = 'name: a\nnode:\n  runtime: docker\n  seccompdefault: true\nsteps:\n  - stdin: 5\n---\nname: b\nsteps: []\n';
  expect(parseSessionFile('x.yaml', text)).toEqual([
    {
      ok: false,
      name: 'a',
      errors: [
        'x.yaml:3: node.runtime: must be one of containerd, cri-o',
        'x.yaml:4: node.seccompdefault: unknown field; known are runtime, seccompDefault, seccompProfiles, appArmor, seLinux, supplementalGroupsPolicy, allowedUnsafeSysctls, unprivilegedPorts, scheduler, openFiles, withoutCapabilities, restrictOomScoreAdj, images, files, csiDrivers',
        'x.yaml:6: steps[0].stdin: must be a string, not 5',
        'x.yaml:6: steps[0].run: is required',
      ],
    },
    { ok: true, session: { name: 'b', files: {}, steps: [] } },
  ]);
});

test('bad YAML names the line', () => {
  expect(parseSessionFile('x.yaml', 'name: a\nsteps: [\n')).toEqual([
    { ok: false, name: 'x.yaml', errors: ['x.yaml:3: Flow sequence in block collection must be sufficiently indented and end with a ]'] },
  ]);
});

test('a claim that may be used by one pod only has no other access mode', () => {
  const modes = (list: string): string => `name: a\nclaims:\n  c: { accessModes: [${list}], csi: { seLinuxMount: true } }\nsteps: []\n`;
  expect(parseSessionFile('a.yaml', modes('ReadWriteOncePod, ReadWriteOnce'))).toEqual([
    { ok: false, name: 'a', errors: ['a.yaml:1: claims.c.accessModes: may not use ReadWriteOncePod with other access modes'] },
  ]);
  expect(parseSessionFile('a.yaml', modes('ReadWriteOncePod')).map((one) => one.ok)).toEqual([true]);
});
