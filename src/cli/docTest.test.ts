// Console blocks of Markdown pages: reading them, and running one against the engine.

import { expect, test } from 'vitest';
import { matches, parsePage, testPage } from './docTest.ts';

const PAGE = `# A page

\`\`\`yaml file=pod.yaml
apiVersion: v1
kind: Pod
metadata: { name: demo }
spec:
  securityContext: { runAsUser: 1000 }
  containers: [{ name: c, image: busybox:1.28, command: [sleep, 1h] }]
\`\`\`

1. Apply it:

   \`\`\`console
   $ kubectl apply -f pod.yaml
   pod/demo created
   $ kubectl wait --for=condition=Ready \\
       pod/demo
   \`\`\`

2. Look:

\`\`\`console
$ kubectl exec -it demo -- sh
/ $ id
uid=1000 gid=0(root) groups=0(root)
/ $ ls -ld /tmp
drwxrwxrwt ...
\`\`\`

\`\`\`console
$ kubectl exec demo -- id -u
1001
\`\`\`

\`\`\`shell
not run
\`\`\`
`;

test('blocks become files and steps, with the lines typed in a shell', () => {
  const page = parsePage(PAGE);
  expect(Object.keys(page.files)).toEqual(['pod.yaml']);
  expect(page.steps).toEqual([
    { line: 15, run: 'kubectl apply -f pod.yaml', terminal: false, typed: [], shown: 'pod/demo created\n' },
    { line: 17, run: 'kubectl wait --for=condition=Ready \\\n    pod/demo', terminal: false, typed: [], shown: null },
    {
      line: 24,
      run: 'kubectl exec -it demo -- sh',
      terminal: true,
      typed: ['id', 'ls -ld /tmp'],
      shown: '/ $ id\nuid=1000 gid=0(root) groups=0(root)\n/ $ ls -ld /tmp\ndrwxrwxrwt ...\n',
    },
    { line: 32, run: 'kubectl exec demo -- id -u', terminal: false, typed: [], shown: '1001\n' },
  ]);
});

test('a page is held against what the engine prints; a difference names its line', () => {
  const { passed, problems } = testPage(parsePage(PAGE.replace('drwxrwxrwt ...', '...')), () => undefined);
  expect(passed).toBe(3);
  expect(problems).toEqual(['line 32: kubectl exec demo -- id -u\n  - 1001\n  + 1000\n    ']);
});

test('a line of dots stands for any lines, and for nothing else', () => {
  expect(matches('a\n...\nd\n', 'a\nb\nc\nd\n')).toBe(true);
  expect(matches('a\n...\n', 'a\n')).toBe(true);
  expect(matches('a\n', 'a\nb\n')).toBe(false);
  expect(matches('a.c\n', 'abc\n')).toBe(false);
});
