// The playground's own commands: text of what was recorded; in a container only at a terminal's prompt, where no script can meet them.

import { expect, test } from 'vitest';
import { openPlayground } from './open.ts';
import type { Playground } from './playground.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: demo
spec:
  securityContext:
    runAsUser: 1000
    fsGroup: 2000
  containers:
  - name: c
    image: busybox:1.28
    command: ["sleep", "1h"]
`;

function started(): Playground {
  const playground = openPlayground({ files: { 'pod.yaml': POD } });
  playground.step('kubectl apply -f pod.yaml');
  playground.step('sleep 5');
  return playground;
}

test('why VALUE on the workstation names the line behind an id of the container', () => {
  expect(started().step('why 2000').stdout).toBe(`sleep[1]: groups 2000
groups has 2000. It comes from: manifest line 8: spec.securityContext.fsGroup.
  1. setgroups() replaced the supplementary groups [setgroups(2)]
     runc:[2:INIT]: groups – → 0 2000
  2. config.json of container c
     /process/user/additionalGids/1 = 2000
  3. containerd: additionalGids
     the groups of the process: its own, those the image’s /etc/group lists for the user (policy Merge), fsGroup and supplementalGroups
  4. Manifest
     manifest line 8: spec.securityContext.fsGroup
`);
});

test('why in the shell of a container is about that shell; a script there meets what a real node has: nothing', () => {
  const playground = started();
  const { output } = playground.tty('kubectl exec -it demo -- sh', ['why fsgid']);
  expect(output).toContain('fsgid');
  expect(output).not.toContain('not found');
  expect(playground.step("kubectl exec demo -- sh -c 'why; type why'")).toMatchObject({
    stderr: 'sh: why: not found\ncommand terminated with exit code 127\n',
  });
});

test('nothing refused, nothing known, wrong usage', () => {
  const playground = started();
  expect(playground.step('why')).toMatchObject({ stdout: '', stderr: 'why: nothing was refused yet\n', exitCode: 1 });
  expect(playground.step('why nonsense')).toMatchObject({
    stderr: 'why: nothing known about "nonsense" in sleep[1]; see "why help"\n',
    exitCode: 1,
  });
  expect(playground.step('why -x').exitCode).toBe(2);
});

test('a refusal of an earlier command is not given for that of the last one', () => {
  const playground = started();
  playground.step('kubectl exec demo -- cat /etc/shadow');
  const first = playground.step('why').stdout;
  expect(first).toMatch(/^cat\[2\]: openat\(AT_FDCWD, "\/etc\/shadow", O_RDONLY\) = EACCES/);
  expect(playground.step('kubectl exec demo -- su').stderr).toBe(
    'su: must be suid to work properly\ncommand terminated with exit code 1\n',
  );
  expect(playground.step('why').stdout).toBe(
    `The last kubectl command was refused nothing, neither by the cluster nor by the kernel. What was refused before it:\n${first}`,
  );
});

test('explain prints the pages of the catalogue', () => {
  expect(started().step('explain sticky').stdout).toBe(
    'sticky  (file)\n    Sticky directory: own the file or the directory\n    inode(7), S_ISVTX\n',
  );
});
