// kubectl edit: the objects in a file, an editor, and a patch of what was changed; again with the reasons, as long as the server says no.

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { manifestObjects } from '#yaml/manifest.ts';
import { editText } from './editor.ts';
import { type Failure, finish } from './failures.ts';
import { type Found, findObjects, placeOf, writeQuery } from './objects.ts';
import { shownName } from './resources.ts';
import { type Call, errOut, fail, isSet, type Json, out, send, statusText } from './session.ts';
import { same, threeWayPatch } from './threeWay.ts';

const HEAD = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** Why the file is opened again. */
interface Reason {
  readonly head: string;
  readonly causes: readonly string[];
}

const commented = (text: string): string => text.replace(/\n(?=[^#])/g, '\n# ');

const headOf = (reasons: readonly Reason[]): string =>
  HEAD +
  reasons
    .map(({ head, causes }) => {
      const list = causes.map((cause) => `# * ${commented(cause)}\n`).join('');
      return `# ${commented(head)}${causes.length > 0 ? ':' : ''}\n${list}#\n`;
    })
    .join('');

const withoutComments = (text: string): string => text.replace(/^\s*#.*(\n|$)/gm, '');

/** What a text says, whatever its comments and layout. */
function meaning(text: string): string {
  const items = manifestObjects(text, 'edited-file');
  return items.some((item) => item.kind === 'error')
    ? withoutComments(text)
    : JSON.stringify(items.map((item) => (item.kind === 'object' ? item.value : null)));
}

const plural = ({ resource }: Found): string => (resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`);

/** How the attempt to save one object ended. */
type Saved = 'done' | 'invalid' | 'retryable' | 'notFound' | { readonly fatal: string };

function* save(call: Call, one: Found, edited: Json, reasons: Reason[]): Program<Saved> {
  const shown = shownName(one.resource, one.object.metadata.name);
  if (same(one.object, edited)) {
    yield* out(`${shown} skipped\n`);
    return 'done';
  }
  const { apiVersion, kind, metadata } = one.object;
  if (edited.apiVersion !== apiVersion || edited.kind !== kind || edited.metadata?.name !== metadata.name)
    return { fatal: 'At least one of apiVersion, kind and name was changed' };
  const patch = threeWayPatch(one.object, edited, one.object);
  if (isSet(call, 'output-patch')) yield* out(`Patch: ${JSON.stringify(patch)}\n`);
  const query = { ...writeQuery(call, 'kubectl-edit'), fieldValidation: 'Strict' };
  const sent = yield* send(call, { verb: 'patch', patchType: 'strategic', ...placeOf(one), body: patch, query });
  if (sent.ok) {
    yield* out(`${shown} edited\n`);
    return 'done';
  }
  const name = `${plural(one)} ${JSON.stringify(metadata.name)}`;
  const { reason, message, details } = sent.status;
  if (reason === 'Invalid') {
    const causes = ((details?.causes ?? []) as Json[]).map((cause) => `${cause.field}: ${cause.message}`);
    reasons.push({ head: `${name} was not valid`, causes });
    yield* errOut(`error: ${name} is invalid\n`);
    return 'invalid';
  }
  yield* errOut(
    `error: ${name} could not be ${reason === 'NotFound' ? 'found on the server' : `patched: ${message ?? statusText(sent.status)}`}\n`,
  );
  return reason === 'NotFound' ? 'notFound' : 'retryable';
}

/** The objects of an edited text, those of lists one by one; a text that is none: why. */
function objectsOf(text: string): readonly Json[] | string {
  const objects: Json[] = [];
  for (const item of manifestObjects(text, 'edited-file')) {
    if (item.kind === 'error') return item.message;
    const value = item.value as Json;
    objects.push(...(value?.kind === 'List' && Array.isArray(value.items) ? value.items : [value]));
  }
  return objects;
}

/** Counterpart: kubectl/pkg/cmd/edit and cmd/util/editor, v1.36. */
export function* edit(call: Call): Program<number> {
  const failures: Failure[] = [];
  const found = yield* findObjects(call, call.parsed.args, failures);
  if (typeof found === 'number') return found;
  if (failures.length > 0) return yield* finish(failures);
  if (found.length === 0) return yield* fail('edit cancelled, no objects found');
  const [only] = found;
  const whole =
    found.length === 1 ? only?.object : { apiVersion: 'v1', items: found.map(({ object }) => object), kind: 'List', metadata: {} };
  const original = renderYaml(whole);
  let text = original;
  let reasons: Reason[] = [];
  let kept = ''; // the file of the round before
  for (let again = false; ; again = true) {
    const edited = yield* editText(call.env, headOf(reasons) + withoutComments(text));
    if (!edited.ok) return yield* preserved(edited.message, kept);
    const { file } = edited;
    if (again && meaning(edited.text) === meaning(text)) return yield* preserved('Edit cancelled, no valid changes were saved.', file);
    if (kept !== '') yield* sys.unlinkat(AT_FDCWD, kept, 0);
    kept = file;
    ({ text } = edited);
    const empty = withoutComments(text).trim() === '';
    if (empty || meaning(text) === meaning(original)) {
      yield* sys.unlinkat(AT_FDCWD, file, 0);
      yield* errOut(empty ? 'Edit cancelled, saved file was empty.\n' : 'Edit cancelled, no changes made.\n');
      return 0;
    }
    reasons = [];
    const objects = objectsOf(text);
    if (typeof objects === 'string') {
      reasons.push({ head: `The edited file had a syntax error: ${objects}`, causes: [] });
      continue;
    }
    const ends: Saved[] = [];
    for (const object of objects) {
      const one = found.find((candidate) => candidate.object.metadata.uid === object?.metadata?.uid);
      const end: Saved = one
        ? yield* save(call, one, object, reasons)
        : { fatal: `no original object found for ${JSON.stringify(object)}` };
      if (typeof end === 'object') return yield* preserved(end.fatal, file);
      ends.push(end);
    }
    if (ends.includes('retryable')) {
      yield* errOut(`You can run \`kubectl replace -f ${file}\` to try this update again.\n`);
      return 1;
    }
    if (ends.includes('notFound')) {
      yield* errOut(`The edits you made on deleted resources have been saved to ${JSON.stringify(file)}\n`);
      return 1;
    }
    if (!ends.includes('invalid')) {
      yield* sys.unlinkat(AT_FDCWD, file, 0);
      return 0;
    }
  }
}

/** Says where the text is kept, then what went wrong. */
function* preserved(message: string, file: string): Program<number> {
  const there: SysResult<unknown> = file === '' ? { ok: false, errno: 'ENOENT' } : yield* sys.newfstatat(AT_FDCWD, file, 0);
  if (there.ok) yield* errOut(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`);
  return yield* fail(message);
}
