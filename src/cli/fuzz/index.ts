// The differential fuzzer's half that makes things up: cases in the format of e2e/real/cases, always the same for a seed.

import type { KernelCase } from '../conformance/kernelCase.ts';
import { Random } from '../shelltest/random.ts';
import { Writer } from './grammar.ts';
import { fuzzPod } from './pods.ts';

/** The case of a seed: a pod by chance and four to nine scripts of one to three commands each. */
export function fuzzCase(seed: number): KernelCase {
  const r = new Random(seed);
  const { manifest, image, image_config, image_files, host_files, pv, containers, ...known } = fuzzPod(r);
  const writer = new Writer(r, { manifest, image, image_files, containers, ...known });
  const script = (): string => r.many(1, r.chance(30) ? 4 : 2, () => writer.line()).join('; ');
  const exec = r.many(4, 9, () => ({
    script: script(),
    ...(containers.length > 1 ? { container: r.pick(containers) } : {}),
  }));
  return {
    name: `fuzz-${String(seed).padStart(6, '0')}`,
    image,
    service_account: false,
    ...(image_config ? { image_config } : {}),
    ...(image_files.length > 0 ? { image_files } : {}),
    ...(host_files ? { host_files } : {}),
    ...(pv ? { pv } : {}),
    manifest,
    exec,
  };
}
