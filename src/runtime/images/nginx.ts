// The images of nginx: Debian with the server, its configuration and the script that starts it. The scripts are our own; they do and
// say what those of docker.io/library/nginx and docker.io/nginxinc/nginx-unprivileged do.

import type { Image, ImageEntry } from '../image.ts';
import { DEBIAN_GROUP, DEBIAN_PASSWD } from './accounts.ts';
import { debianEntries, dir, file, image, program, symlink } from './base.ts';

const SCRIPTS = '/docker-entrypoint.d';

const SAY = 'say() { [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$@"; }';

const ENTRYPOINT = `#!/bin/sh
# Prepares the configuration when the server is to be started, then runs the command.
set -e
${SAY}
case $1 in
nginx|nginx-debug)
  if find ${SCRIPTS}/ -mindepth 1 -maxdepth 1 -type f -print -quit 2>/dev/null | read -r any; then
    say "$0: ${SCRIPTS}/ is not empty, will attempt to perform configuration"
    say "$0: Looking for shell scripts in ${SCRIPTS}/"
    find ${SCRIPTS}/ -follow -type f -print | sort -V | while read -r f; do
      case $f in
      *.envsh)
        if [ -x "$f" ]; then say "$0: Sourcing $f"; . "$f"; else say "$0: Ignoring $f, not executable"; fi ;;
      *.sh)
        if [ -x "$f" ]; then say "$0: Launching $f"; "$f"; else say "$0: Ignoring $f, not executable"; fi ;;
      *) say "$0: Ignoring $f" ;;
      esac
    done
    say "$0: Configuration complete; ready for start up"
  else
    say "$0: No files found in ${SCRIPTS}/, skipping configuration"
  fi ;;
esac
exec "$@"
`;

const listenOnIpv6 = (port: number): string => `#!/bin/sh
# The packaged default server shall listen on IPv6 too.
set -e
ME=$(basename "$0")
${SAY}
CONF=/etc/nginx/conf.d/default.conf
if [ ! -f /proc/net/if_inet6 ]; then say "$ME: info: ipv6 not available"; exit 0; fi
if [ ! -f $CONF ]; then say "$ME: info: $CONF is not a file or does not exist"; exit 0; fi
touch $CONF 2>/dev/null || { say "$ME: info: can not modify $CONF (read-only file system?)"; exit 0; }
if grep -q 'listen  *\\[::\\]:${port};' $CONF; then say "$ME: info: IPv6 listen already enabled"; exit 0; fi
say "$ME: info: Getting the checksum of $CONF"
if ! cmp -s $CONF /usr/share/nginx/default.conf; then
  say "$ME: info: $CONF differs from the packaged version"
  exit 0
fi
sed -i 's/listen  *${port};/&\\n    listen  [::]:${port};/' $CONF
say "$ME: info: Enabled listen on IPv6 in $CONF"
`;

const LOCAL_RESOLVERS = `#!/bin/sh
# The addresses of the name servers, for configurations that want them.
if [ -n "\${NGINX_ENTRYPOINT_LOCAL_RESOLVERS:-}" ]; then
  NGINX_LOCAL_RESOLVERS=$(awk '$1 == "nameserver" { printf "%s%s", sep, $2 ~ ":" ? "[" $2 "]" : $2; sep = " " }' /etc/resolv.conf)
  export NGINX_LOCAL_RESOLVERS
fi
`;

const TEMPLATES = `#!/bin/sh
# There is no envsubst here.
if [ -d "\${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}" ]; then
  echo "$(basename "$0"): templates are not simulated here" >&2
  exit 1
fi
`;

const TUNE = `#!/bin/sh
if [ -n "\${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ]; then
  echo "$(basename "$0"): NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE is not simulated here" >&2
  exit 1
fi
`;

const SERVER = (port: number): string => `server {
    listen       ${port};
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }
}
`;

const CONFIG = (top: string, paths: string): string => `
${top}
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;

events {
    worker_connections  1024;
}

http {
${paths}    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const PAGE = '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n</html>\n';

/** Files of both images; `group` may write what the server changes. */
const entries = (port: number, config: string, uid: number, group: '5' | '7'): readonly ImageEntry[] => [
  ...debianEntries,
  file('/etc/passwd', `${DEBIAN_PASSWD}nginx:x:101:101:nginx user:/nonexistent:/bin/false\n`),
  file('/etc/group', `${DEBIAN_GROUP}nginx:x:101:\n`),
  program('/usr/sbin/nginx', 'gnu/nginx', 1522584),
  file('/docker-entrypoint.sh', ENTRYPOINT, '755'),
  dir(SCRIPTS),
  file(`${SCRIPTS}/10-listen-on-ipv6-by-default.sh`, listenOnIpv6(port), '755'),
  file(`${SCRIPTS}/15-local-resolvers.envsh`, LOCAL_RESOLVERS, '755'),
  file(`${SCRIPTS}/20-envsubst-on-templates.sh`, TEMPLATES, '755'),
  file(`${SCRIPTS}/30-tune-worker-processes.sh`, TUNE, '755'),
  dir('/etc/nginx', `7${group}5`, uid),
  dir('/etc/nginx/conf.d', `7${group}5`, uid),
  file('/etc/nginx/nginx.conf', config, `6${group === '7' ? '6' : '4'}4`, uid),
  file('/etc/nginx/conf.d/default.conf', SERVER(port), `6${group === '7' ? '6' : '4'}4`, uid),
  dir('/usr/share/nginx'),
  file('/usr/share/nginx/default.conf', SERVER(port)),
  dir('/usr/share/nginx/html'),
  file('/usr/share/nginx/html/index.html', PAGE),
  dir('/var/cache/nginx', `7${group}5`, uid),
  dir('/var/log/nginx'),
  symlink('/var/log/nginx/access.log', '/dev/stdout'),
  symlink('/var/log/nginx/error.log', '/dev/stderr'),
];

const START = { Entrypoint: ['/docker-entrypoint.sh'], Cmd: ['nginx', '-g', 'daemon off;'], StopSignal: 'SIGQUIT' };

export const nginx: Image = image('nginx', START, entries(80, CONFIG('user  nginx;\npid        /run/nginx.pid;', ''), 0, '5'), 72099501);

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((name) => `    ${name}_temp_path /tmp/${name.replace('client_body', 'client')}_temp;\n`)
  .join('');

export const nginxUnprivileged: Image = image(
  'nginx-unprivileged',
  { ...START, User: '101' },
  entries(8080, CONFIG('pid        /tmp/nginx.pid;', TEMPORARY), 101, '7'),
  72103212,
);
