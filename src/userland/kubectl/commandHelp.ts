// `kubectl VERB --help` and `kubectl help VERB`: what it does in a sentence, its flags, how it is called.

import type { FlagSpec } from './flags.ts';
import { HELP } from './help.ts';

// Counterpart: the field Use of each command below kubectl/pkg/cmd, v1.36. A line's first words are the command.
const USE = `annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]
api-resources [flags]
api-versions
apply (-f FILENAME | -k DIRECTORY)
apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)
attach (POD | TYPE/NAME) -c CONTAINER
auth [flags]
auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]
auth whoami
autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]
certificate SUBCOMMAND
cluster-info [flags]
completion SHELL
config SUBCOMMAND
config current-context [flags]
config get-contexts [(-o|--output=)name)]
config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]
config use-context CONTEXT_NAME
config view [flags]
cordon NODE
cp <file-spec-src> <file-spec-dest>
create -f FILENAME
create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]
create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]
create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]
create cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]
create deployment NAME --image=image -- [COMMAND] [args...]
create job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]
create namespace NAME [--dry-run=server|client|none]
create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]
create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]
create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]
create secret (docker-registry | generic | tls)
create secret docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]
create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]
create secret tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]
create serviceaccount NAME [--dry-run=server|client|none]
create token SERVICE_ACCOUNT_NAME
debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]
delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])
describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)
diff -f FILENAME
drain NODE
edit (RESOURCE/NAME | -f FILENAME)
events [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]
exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]
explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]
expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]
get [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]
label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]
logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]
patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]
port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]
proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]
replace -f FILENAME
rollout SUBCOMMAND
rollout history (TYPE NAME | TYPE/NAME) [flags]
rollout pause RESOURCE
rollout restart RESOURCE
rollout resume RESOURCE
rollout status (TYPE NAME | TYPE/NAME) [flags]
rollout undo (TYPE NAME | TYPE/NAME) [flags]
run NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]
scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)
set SUBCOMMAND
set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N
set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N
set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]
set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]
set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT
taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N
top [flags]
uncordon NODE
version [flags]
wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]`.split(
  '\n',
);

const VALUE: Readonly<Record<FlagSpec['kind'], string>> = { bool: 'false', string: "''", list: '[]', int: '0', optional: "''" };
const DEFAULT: Readonly<Record<string, string>> = { 'dry-run': "'none'", validate: "'strict'", cascade: "'background'" };

/** `-o, --output='':`, and whether it is simulated. */
const flagLine = ({ name, short, kind, refused }: FlagSpec): string =>
  `    ${short === undefined ? '' : `-${short}, `}--${name}=${DEFAULT[name] ?? VALUE[kind]}:${refused ? '\n\t(not simulated here)' : ''}\n`;

/**
 * The help of a command. Usage and one-line description are kubectl's.
 * Deviates: the long description, the examples and what each flag does are not here; defaults are those of the flag's type.
 */
export function commandHelp(name: string, flags: readonly FlagSpec[], args: readonly string[]): string {
  const starts = (words: string): string | undefined => USE.find((line) => line === words || line.startsWith(`${words} `));
  // The subcommands of a command share one table of flags here, so their help has the usage only.
  const sub = [2, 1].filter((n) => n <= args.length).flatMap((n) => starts([name, ...args.slice(0, n)].join(' ')) ?? [])[0];
  const use = sub ?? starts(name) ?? `${name} [flags]`;
  const about = sub === undefined ? new RegExp(`^  ${name} {2,}(.*)$`, 'm').exec(HELP)?.[1] : undefined;
  const options = sub === undefined ? [...flags].sort((a, b) => (a.name < b.name ? -1 : 1)).map(flagLine) : [];
  return `${about === undefined ? '' : `${about}.\n\n`}${options.length === 0 ? '' : `Options:\n${options.join('\n')}\n`}Usage:\n  kubectl ${use}${use.includes('[options]') ? '' : ' [options]'}\n\nUse "kubectl options" for a list of global command-line options (applies to all commands).\n`;
}
