import { expect, test } from '@playwright/test';
import { Playground } from './page.ts';

const LESSONS = [
  {
    number: 2,
    file: 'security-context-2.yaml',
    pod: 'security-context-demo-2',
    inside: [['id', /^uid=2000 gid=0\(root\)/]],
  },
  {
    number: 3,
    file: 'security-context-3.yaml',
    pod: 'security-context-demo-3',
    inside: [['cat /proc/1/status', /CapPrm:\s+00000000a80425fb\nCapEff:\s+00000000a80425fb/]],
  },
  {
    number: 4,
    file: 'security-context-4.yaml',
    pod: 'security-context-demo-4',
    inside: [['cat /proc/1/status', /CapPrm:\s+00000000aa0435fb\nCapEff:\s+00000000aa0435fb/]],
  },
  {
    number: 5,
    file: 'security-context-5.yaml',
    pod: 'security-context-demo',
    inside: [['id', /^uid=1000\S* gid=3000 groups=3000,4000,50000/]],
  },
  {
    number: 6,
    file: 'security-context-6.yaml',
    pod: 'security-context-demo',
    inside: [['id', /^uid=1000\S* gid=3000 groups=3000,4000\n/]],
  },
] as const;

test('lesson 1, command by command', async ({ page }) => {
  const playground = await Playground.open(page);
  expect(await playground.type('kubectl apply -f security-context.yaml')).toBe('pod/security-context-demo created\n');
  expect(await playground.type('kubectl get pod security-context-demo')).toMatch(
    /^NAME +READY +STATUS +RESTARTS +AGE\nsecurity-context-demo +1\/1 +Running +0 /,
  );
  await playground.type('kubectl exec -it security-context-demo -- sh');
  await expect(playground.promptText).toHaveText('/ $');
  expect(await playground.type('ps')).toMatch(/^PID +USER +TIME +COMMAND\n +1 1000 .* sleep 1h\n +\d+ 1000 .* sh\n +\d+ 1000 .* ps\n$/);
  await playground.type('cd /data');
  expect(await playground.type('ls -l')).toMatch(/drwxrwsrwx +2 root +2000 +\d+ .* demo\n/);
  await playground.type('cd demo');
  await playground.type('echo hello > testfile');
  expect(await playground.type('ls -l')).toMatch(/-rw-r--r-- +1 1000 +2000 +6 .* testfile\n/);
  expect(await playground.type('id')).toBe('uid=1000 gid=3000 groups=2000,3000,4000\n');
  await playground.type('exit');
  expect(await playground.type('kubectl delete pod security-context-demo')).toMatch(/^pod "security-context-demo" deleted/);
});

for (const { number, file, pod, inside } of LESSONS) {
  test(`lesson ${number}`, async ({ page }) => {
    const playground = await Playground.open(page);
    await playground.show('Editor');
    await playground.chooseLesson(number);
    expect(await playground.type(`kubectl apply -f ${file}`)).toBe(`pod/${pod} created\n`);
    await playground.type(`kubectl exec -it ${pod} -- sh`);
    for (const [command, printed] of inside) expect(await playground.type(command)).toMatch(printed);
    await playground.type('exit');
    expect(await playground.type(`kubectl delete pod ${pod}`)).toMatch(new RegExp(`^pod "${pod}" deleted`));
  });
}

test('the steps of the lesson type themselves', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.show('Editor');
  await page.getByRole('button', { name: 'kubectl apply -f security-context.yaml' }).click();
  await expect(playground.log).toContainText('pod/security-context-demo created');
});

test('pod 3 has the runtime’s default capabilities', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type('kubectl apply -f security-context-3.yaml');
  await playground.inspector('Capabilities');
  for (const set of ['CapPrm', 'CapEff', 'CapBnd']) await expect(page.getByTestId(set)).toHaveAttribute('data-hex', '00000000a80425fb');
});

test('capability bits against the runtime’s default', async ({ page }) => {
  const playground = await Playground.open(page);
  await playground.type('kubectl apply -f security-context-4.yaml');
  await playground.inspector('Capabilities');
  await expect(page.getByTestId('CapEff')).toHaveAttribute('data-hex', '00000000aa0435fb');
  await expect(page.getByRole('button', { name: 'CAP_SYS_TIME effective: on, added' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'CAP_CHOWN effective: on', exact: true })).toBeVisible();
});
