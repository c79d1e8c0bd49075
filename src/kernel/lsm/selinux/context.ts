// Security contexts and their levels. Counterpart: selinux(8), mcs(8); libselinux context_new(3)

export interface Context {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly level: string;
}

const LEVEL = /^s\d+(?::(c\d+(?:\.c\d+)?(?:,c\d+(?:\.c\d+)?)*))?$/;

/** The parts of `user:role:type:level`; undefined for what is no context. A trailing NUL, as in attributes, does not count. */
export function parseContext(text: string): Context | undefined {
  const [, user, role, type, level] = /^([a-z_]+):([a-z_]+):([a-z0-9_]+):(s[^\0\n]+)\0?\n?$/.exec(text) ?? [];
  if (user === undefined || role === undefined || type === undefined || level === undefined) return undefined;
  return level.split('-').every((each) => LEVEL.test(each)) ? { user, role, type, level } : undefined;
}

export const contextText = ({ user, role, type, level }: Context): string => `${user}:${role}:${type}:${level}`;

/** Categories of a level, or of the upper end of a range: `s0:c1,c5.c7` → 1 5 6 7. */
export function categoriesOf(level: string): ReadonlySet<number> {
  const top = level.split('-').at(-1) as string;
  const out = new Set<number>();
  for (const part of (LEVEL.exec(top)?.[1] ?? '').split(',').filter((each) => each !== '')) {
    const [first = 0, last = first] = part.split('.').map((each) => Number(each.slice(1)));
    for (let category = first; category <= last; category++) out.add(category);
  }
  return out;
}

/** Has one level at least the categories of another? Counterpart: the mlsconstrain statements of the MCS policy (`h1 dom h2`) */
export function dominates(level: string, other: string): boolean {
  const own = categoriesOf(level);
  for (const category of categoriesOf(other)) if (!own.has(category)) return false;
  return true;
}
