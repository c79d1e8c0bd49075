import { describe, expect, it } from 'vitest';
import { MANIFEST_1, MANIFEST_3, MANIFEST_4 } from '#content/manifests.ts';
import { changeCapability } from './changeCapability.ts';

describe('changeCapability', () => {
  it('adds to a container without a context, and takes it back', () => {
    const added = changeCapability(MANIFEST_3, 'sec-ctx-3', 'SYS_TIME', true, false);
    expect(added).toBe(`${MANIFEST_3}    securityContext:\n      capabilities:\n        add: [SYS_TIME]\n`);
    expect(changeCapability(added as string, 'sec-ctx-3', 'SYS_TIME', false, false)).toBe(MANIFEST_3);
  });
  it('drops what the runtime grants, keeping the rest of the text', () => {
    expect(changeCapability(MANIFEST_4, 'sec-ctx-4', 'NET_RAW', false, true)).toBe(
      MANIFEST_4.replace('"SYS_TIME"]\n', '"SYS_TIME"]\n        drop: [NET_RAW]\n'),
    );
    expect(changeCapability(MANIFEST_1, 'sec-ctx-demo', 'CHOWN', true, true)).toBe(MANIFEST_1);
  });
  it('refuses an unknown container and broken YAML', () => {
    expect(changeCapability(MANIFEST_1, 'other', 'CHOWN', true, true)).toBeNull();
    expect(changeCapability('a: [', 'x', 'CHOWN', true, true)).toBeNull();
  });
});
