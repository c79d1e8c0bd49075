// Session files: YAML or JSON that say which files, images, node and steps a headless session has (design §4).
// A bad file gives errors that name file, line and field, and never stops other files.

import { isCollection, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments, type YAMLMap } from 'yaml';
import { CAPABILITIES } from '#abi/capability.ts';
import { parseProfiles } from '#kernel/lsm/apparmor/parse.ts';
import { LEVELS, MODES } from '#kube/apiserver/pod-security-policy.ts';
import type { NodeSettings } from '#runtime/node.ts';
import type { Claims } from './claims.ts';
import type { ScenarioInput } from './protocol.ts';

export interface Expectation {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

export interface Step {
  readonly run: string;
  readonly stdin?: string;
  readonly expect?: Expectation;
}

export interface SessionFile extends ScenarioInput {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** A parsed document of a session file, or what is wrong with it. */
export type ParsedSession =
  | { readonly ok: true; readonly session: SessionFile }
  | { readonly ok: false; readonly name: string; readonly errors: readonly string[] };

type Shape =
  | 'string'
  | 'integer'
  | 'boolean'
  | 'any'
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly oneOf: readonly string[] }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly required?: readonly string[] };

const ENTRY_TYPES = ['file', 'dir', 'symlink', 'fifo', 'copy', 'delete'];

const ENTRY = {
  fields: {
    path: 'string',
    type: { oneOf: ENTRY_TYPES },
    content: 'string',
    target: 'string',
    from: 'string',
    mode: 'string',
    uid: 'integer',
    gid: 'integer',
    cap: 'string',
  },
  required: ['path'],
} as const;

const CSI_DRIVER: Readonly<Record<string, Shape>> = {
  fsGroupPolicy: { oneOf: ['ReadWriteOnceWithFSType', 'File', 'None'] },
  volumeMountGroup: 'boolean',
  attachRequired: 'boolean',
  seLinuxMount: 'boolean',
  ephemeral: 'boolean',
};

/** Entries of the node's disk and of claims may be trees of very many files. */
const DISK_ENTRY: Shape = {
  fields: {
    ...ENTRY.fields,
    type: { oneOf: [...ENTRY_TYPES, 'tree'] },
    count: 'integer',
    perDirectory: 'integer',
  },
  required: ['path'],
};

const STRINGS: Shape = { list: 'string' };

const SESSION: Shape = {
  fields: {
    name: 'string',
    description: 'string',
    files: { map: 'string' },
    images: {
      map: {
        fields: {
          from: 'string',
          config: {
            fields: {
              User: 'string',
              Env: { list: 'string' },
              Entrypoint: { list: 'string' },
              Cmd: { list: 'string' },
              WorkingDir: 'string',
              Volumes: { list: 'string' },
              StopSignal: 'string',
            },
          },
          files: { list: ENTRY },
        },
        required: ['from'],
      },
    },
    node: {
      fields: {
        runtime: { oneOf: ['containerd', 'cri-o'] },
        seccompDefault: 'boolean',
        seccompProfiles: { map: 'any' },
        appArmor: { fields: { enabled: 'boolean', profiles: { map: 'string' } } },
        seLinux: { fields: { enabled: 'boolean' } },
        supplementalGroupsPolicy: 'boolean',
        allowedUnsafeSysctls: { list: 'string' },
        unprivilegedPorts: 'boolean',
        scheduler: 'boolean',
        openFiles: 'integer',
        withoutCapabilities: { list: { oneOf: CAPABILITIES } },
        restrictOomScoreAdj: 'boolean',
        images: { fields: { present: { list: 'string' }, absent: { list: 'string' } } },
        files: { list: DISK_ENTRY },
        csiDrivers: { map: { fields: CSI_DRIVER } },
      },
    },
    cluster: {
      fields: {
        podSecurity: {
          fields: {
            defaults: {
              fields: Object.fromEntries(
                MODES.flatMap((mode) => [
                  [mode, { oneOf: LEVELS }],
                  [`${mode}-version`, 'string'],
                ]),
              ),
            },
            exemptions: { fields: { usernames: STRINGS, namespaces: STRINGS, runtimeClasses: STRINGS } },
          },
        },
      },
    },
    claims: {
      map: {
        fields: {
          files: { list: DISK_ENTRY },
          fsType: 'string',
          accessModes: { list: { oneOf: ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'] } },
          csi: { fields: { driver: 'string', ...CSI_DRIVER } },
        },
      },
    },
    steps: {
      list: {
        fields: {
          run: 'string',
          stdin: 'string',
          expect: { fields: { stdout: 'string', stderr: 'string', exitCode: 'integer' } },
        },
        required: ['run'],
      },
    },
  },
  required: ['name', 'steps'],
};

/**
 * The sessions in a file: one per YAML document (a JSON file is one document, or an array of sessions).
 * `fileName` is only used in messages.
 */
export function parseSessionFile(fileName: string, text: string): readonly ParsedSession[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  if (!Array.isArray(documents)) return [{ ok: false, name: fileName, errors: [`${fileName}: the file is empty`] }];
  const at = (node: Node | null | undefined): string => `${fileName}:${lines.linePos(node?.range?.[0] ?? 0).line}`;
  return documents.flatMap((document): ParsedSession[] => {
    const fatal = document.errors.map(
      (e) => `${fileName}:${lines.linePos(e.pos[0]).line}: ${e.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
    );
    if (fatal.length > 0) return [{ ok: false, name: fileName, errors: fatal }];
    const top = document.contents;
    const nodes = isSeq(top) ? (top.items as Node[]) : top === null ? [] : [top];
    return nodes.map((node): ParsedSession => {
      const errors: string[] = [];
      verify(node, SESSION, '', (where, field, message) =>
        errors.push(`${at(where ?? node)}: ${field === '' ? '' : `${field}: `}${message}`),
      );
      const value = node.toJS(document) as { name?: unknown; node?: NodeSettings; claims?: Claims };
      if (errors.length === 0) {
        const wrong = [...securityErrors(value.node ?? {}), ...claimErrors(value.claims ?? {})];
        errors.push(...wrong.map((message) => `${at(node)}: ${message}`));
      }
      if (errors.length > 0) return { ok: false, name: typeof value?.name === 'string' ? value.name : fileName, errors };
      return { ok: true, session: { files: {}, ...(value as object) } as SessionFile };
    });
  });
}

/** What is wrong with the node's security modules: texts of profiles that do not load, both modules at once. */
function securityErrors({ appArmor, seLinux }: NodeSettings): readonly string[] {
  const both = appArmor?.enabled && seLinux?.enabled ? ['node: appArmor and seLinux cannot both be enabled'] : [];
  const texts = Object.entries(appArmor?.profiles ?? {}).flatMap(([name, text]) => {
    const parsed = parseProfiles(text);
    return parsed.ok ? [] : [`node.appArmor.profiles.${name}: line ${parsed.line}: ${parsed.message}`];
  });
  return [...both, ...texts];
}

/** What the API server would refuse of claims. */
const claimErrors = (claims: Claims): readonly string[] =>
  Object.entries(claims).flatMap(([name, { accessModes = [] }]) =>
    accessModes.length > 1 && accessModes.includes('ReadWriteOncePod')
      ? [`claims.${name}.accessModes: may not use ReadWriteOncePod with other access modes`]
      : [],
  );

type Report = (where: Node | null, field: string, message: string) => void;

function verify(node: Node | null, shape: Shape, field: string, report: Report): void {
  if (shape === 'any') return;
  if (typeof shape === 'string') {
    const value = isScalar(node) ? node.value : undefined;
    const fits = shape === 'integer' ? Number.isInteger(value) : typeof value === shape;
    if (!fits)
      report(
        node,
        field,
        `must be ${shape === 'integer' ? 'an integer' : `a ${shape}`}${isCollection(node) ? '' : `, not ${JSON.stringify(value ?? null)}`}`,
      );
    return;
  }
  if ('oneOf' in shape) {
    const value = isScalar(node) ? node.value : undefined;
    if (!shape.oneOf.includes(value as string)) report(node, field, `must be one of ${shape.oneOf.join(', ')}`);
    return;
  }
  if ('list' in shape) {
    if (!isSeq(node)) return report(node, field, 'must be a list');
    for (const [index, item] of node.items.entries()) verify(item as Node, shape.list, `${field}[${index}]`, report);
    return;
  }
  if (!isMap(node)) return report(node, field, 'must be a mapping');
  if ('map' in shape) {
    for (const pair of node.items) verify(pair.value as Node | null, shape.map, join(field, keyOf(pair)), report);
    return;
  }
  verifyFields(node, shape, field, report);
}

function verifyFields(node: YAMLMap, shape: Extract<Shape, { fields: unknown }>, field: string, report: Report): void {
  for (const pair of node.items) {
    const key = keyOf(pair);
    const known = shape.fields[key];
    if (known === undefined) report(pair.key as Node, join(field, key), `unknown field; known are ${Object.keys(shape.fields).join(', ')}`);
    else verify(pair.value as Node | null, known, join(field, key), report);
  }
  for (const name of shape.required ?? []) if (!node.has(name)) report(node, join(field, name), 'is required');
}

const keyOf = (pair: Pair): string => String(isScalar(pair.key) ? pair.key.value : pair.key);
const join = (field: string, key: string): string => (field === '' ? key : `${field}.${key}`);
