// The five capability sets, in the order of /proc/PID/status, and their names there.

export const SETS = ['inheritable', 'permitted', 'effective', 'bounding', 'ambient'] as const;
export type SetName = (typeof SETS)[number];
export const FIELD: Record<SetName, string> = {
  inheritable: 'CapInh',
  permitted: 'CapPrm',
  effective: 'CapEff',
  bounding: 'CapBnd',
  ambient: 'CapAmb',
};
