// Virtual file systems that show the kernel itself.

export { cgroupDriver } from './cgroup.ts';
export { procDriver } from './driver.ts';
export { sysfsDriver } from './sysfs.ts';
