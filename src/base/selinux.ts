// SELinux contexts of containers as kubelet and runtime both build them. Counterpart: opencontainers/selinux, which both link

const CATEGORIES = 1024; // selinux_category_range

/** A level with two categories, drawn again while it is taken. Counterpart: uniqMcs, go-selinux/selinux_linux.go */
export function randomLevel(random: () => number, taken: (level: string) => boolean = () => false): string {
  for (;;) {
    const [a, b] = [random() % CATEGORIES, random() % CATEGORIES];
    const level = `s0:c${Math.min(a, b)},c${Math.max(a, b)}`;
    if (a !== b && !taken(level)) return level;
  }
}

/** The context of a container's files: of its options only user and level count. Counterpart: the mount label of label.InitLabels */
export const fileContext = (user: string | undefined, level: string): string => `${user || 'system_u'}:object_r:container_file_t:${level}`;
