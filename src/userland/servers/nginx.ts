// nginx as far as permissions go: it reads its configuration, makes its directories, opens its logs, takes its ports and starts
// workers that give up their rights. Counterpart: nginx 1.29 of docker.io/library/nginx; compared with nginx 1.22 on a real kernel
// Deviates: it answers no requests; reload and reopening logs are not simulated.

import { type Errno, errnoNumber, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys, type Utsname } from '#kernel/uapi/index.ts';
import type { Command, CommandTable } from '../lib/command.ts';
import { bytesOf, errOut, out, readFile, textOf, writeAll } from '../lib/io.ts';
import { type Config, type Reader, readConfig, readText, startConfig, takeUser, under } from './nginxConfig.ts';
import { NginxLog } from './nginxLog.ts';
import { runMaster, type Server } from './nginxProcesses.ts';

const VERSION = 'nginx/1.29.8';
const COMPILER = 'built by gcc 14.2.0 (Debian 14.2.0-19) ';
const PREFIX = '/etc/nginx/';
const CONFIG = `${PREFIX}nginx.conf`;
const LOG = '/var/log/nginx/error.log';
const AF_INET = 2;
const SOCK_STREAM = 1;

const HELP = `nginx version: ${VERSION}
Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: ${PREFIX})
  -e filename   : set error log file (default: ${LOG})
  -c filename   : set configuration file (default: ${CONFIG})
  -g directives : set global directives out of configuration file

`;

interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
}

function options(argv: readonly string[]): Options | string {
  const flags = new Set<string>();
  const values: Record<string, string> = {};
  const wanting: Readonly<Record<string, string>> = { p: 'directory name', e: 'file name', c: 'file name', g: 'parameter', s: 'parameter' };
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (!arg.startsWith('-')) return `invalid option: "${arg}"`;
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] as string;
      if ('?hvVtTq'.includes(letter)) flags.add(letter);
      else if (wanting[letter] === undefined) return `invalid option: "${letter}"`;
      else {
        const value = arg.slice(i + 1) || argv[++at];
        if (value === undefined) return `option "-${letter}" requires ${wanting[letter]}`;
        values[letter] = value;
        break;
      }
    }
  }
  if (values.s !== undefined && !['stop', 'quit', 'reopen', 'reload'].includes(values.s)) return `invalid option: "-s ${values.s}"`;
  return { flags, values };
}

const failed = (what: string, errno: Errno): string => `${what} failed (${errnoNumber(errno)}: ${strerror(errno)})`;

/** Makes the directories for temporary files, the opener's own. Counterpart: ngx_create_paths */
function* makePaths(config: Config, uid: number | undefined): Program<string | undefined> {
  for (const one of ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) {
    const path = config.tempPaths[one];
    if (path === undefined) continue;
    const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, path, 0o700);
    if (!made.ok && made.errno !== 'EEXIST') return failed(`mkdir() "${path}"`, made.errno);
    if (uid === undefined) continue;
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    if (!stat.ok) return failed(`stat() "${path}"`, stat.errno);
    if (stat.value.uid !== uid) {
      const given: SysResult<void> = yield* sys.fchownat(AT_FDCWD, path, uid, -1, 0);
      if (!given.ok) return failed(`chown("${path}", ${uid})`, given.errno);
    }
    if ((stat.value.mode & 0o700) !== 0o700) {
      const opened: SysResult<void> = yield* sys.fchmodat(AT_FDCWD, path, (stat.value.mode & 0o7777) | 0o700);
      if (!opened.ok) return failed(`chmod() "${path}"`, opened.errno);
    }
  }
  return undefined;
}

/** Takes the ports. Counterpart: ngx_open_listening_sockets. Deviates: one socket for a port of both families. */
function* takePorts(config: Config, log: NginxLog, test: boolean): Program<boolean> {
  let wanted = new Map(config.listens.filter((name) => !name.startsWith('unix:')).map((name) => [Number(/:(\d+)$/.exec(name)?.[1]), name]));
  for (let tries = 5; tries > 0; tries--) {
    const again = new Map<number, string>();
    for (const [port, name] of wanted) {
      const socket: SysResult<number> = yield* sys.syscall('socket', AF_INET, SOCK_STREAM, 0);
      const bound: SysResult<number> = socket.ok ? yield* sys.syscall('bind', socket.value, port) : socket;
      const taken: SysResult<number> = socket.ok && bound.ok ? yield* sys.syscall('listen', socket.value, port) : bound;
      if (taken.ok || (taken.errno === 'EADDRINUSE' && test)) continue;
      yield* log.say('emerg', failed(`${socket.ok ? 'bind() to' : 'socket()'} ${name}`, taken.errno));
      if (taken.errno !== 'EADDRINUSE') return false;
      again.set(port, name);
    }
    if (again.size === 0) return true;
    wanted = again;
    yield* log.say('notice', 'try again to bind() after 500ms');
    yield* sys.nanosleep(500_000_000n);
  }
  yield* log.say('emerg', 'still could not bind()');
  return false;
}

function* sendSignal(log: NginxLog, pidFile: string, signal: string): Program<number> {
  yield* log.say('notice', 'signal process started');
  const contents = yield* readFile(pidFile);
  if (!contents.ok) {
    yield* log.say('error', failed(`open() "${pidFile}"`, contents.errno));
    return 1;
  }
  const text = textOf(contents.value).trim();
  if (!/^[1-9]\d*$/.test(text)) {
    yield* log.say('error', `invalid PID number "${text}" in "${pidFile}"`);
    return 1;
  }
  const sent: SysResult<void> = yield* sys.kill(Number(text), { stop: 15, quit: 3, reopen: 10, reload: 1 }[signal] ?? 15);
  if (!sent.ok) yield* log.say('alert', failed(`kill(${text}, ${{ stop: 15, quit: 3, reopen: 10, reload: 1 }[signal]})`, sent.errno));
  return sent.ok ? 0 : 1;
}

/** Everything up to the running server; an exit status when it ends before that. */
function* start(log: NginxLog, config: Config, given: Options): Program<Server | number> {
  const test = given.flags.has('t') || given.flags.has('T');
  const file = under(config.prefix, given.values.c ?? CONFIG);
  const quiet = given.flags.has('q');
  const passed = function* (text: string): Program<void> {
    if (test && !quiet) yield* errOut(`nginx: ${text}\n`);
  };
  const stop = function* (message: string | undefined): Program<number> {
    if (message !== undefined) yield* log.say('emerg', message);
    if (test) yield* errOut(`nginx: configuration file ${file} test failed\n`);
    return 1;
  };
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const root = uids.ok && uids.value[1] === 0;
  const reader: Reader = { config, log, root, folder: file.slice(0, file.lastIndexOf('/') + 1) };
  const command = given.values.g;
  const wrong = (command === undefined ? undefined : yield* commandLine(reader, command)) ?? (yield* readConfig(reader, file));
  if (wrong !== undefined) return yield* stop(wrong);
  yield* passed(`the configuration file ${file} syntax is ok`);
  const nobody = root && !config.userGiven ? yield* takeUser(reader, ['user', 'nginx'], '') : undefined;
  const unfit = config.hasEvents ? nobody : 'no "events" section in configuration';
  if (unfit !== undefined) return yield* stop(unfit);
  if (given.values.s !== undefined) return yield* sendSignal(log, config.pid, given.values.s);
  const paths = yield* makePaths(config, config.user?.uid);
  if (paths !== undefined) return yield* stop(paths);
  for (const path of new Set([config.errorLog.path, ...config.accessLogs])) {
    if (path === 'stderr') continue;
    const opened: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT, 0o644);
    if (!opened.ok) return yield* stop(failed(`open() "${path}"`, opened.errno));
    if (path === config.errorLog.path) yield* log.moveTo(opened.value);
  }
  log.level = config.errorLog.level;
  if (!(yield* takePorts(config, log, test))) return yield* stop(undefined);
  const pidFile = function* (): Program<string | undefined> {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, config.pid, O_RDWR | O_CREAT | (test ? 0 : O_TRUNC), 0o644);
    if (!fd.ok) return failed(`open() "${config.pid}"`, fd.errno);
    const pid: SysResult<number> = yield* sys.getpid();
    if (!test) yield* writeAll(fd.value, bytesOf(`${pid.ok ? pid.value : 0}\n`));
    yield* sys.close(fd.value);
    return undefined;
  };
  if (test) {
    const unwritable = yield* pidFile();
    if (unwritable !== undefined) return yield* stop(unwritable);
    yield* passed(`configuration file ${file} test is successful`);
    if (given.flags.has('T')) for (const { name, text } of config.files) yield* out(`# configuration file ${name}:\n${text}\n`);
    return 0;
  }
  const uname: SysResult<Utsname> = yield* sys.uname();
  const files: SysResult<readonly [number, number]> = yield* sys.prlimit64(0, 'RLIMIT_NOFILE', null);
  yield* log.say('notice', 'using the "epoll" event method');
  yield* log.say('notice', VERSION);
  yield* log.say('notice', COMPILER);
  yield* log.say('notice', `OS: Linux ${uname.ok ? uname.value.release : ''}`);
  yield* log.say('notice', `getrlimit(RLIMIT_NOFILE): ${files.ok ? files.value.join(':') : ''}`);
  return {
    log,
    config,
    pidFile,
  };
}

/** -g: directives like those at the top of the file. */
function* commandLine(reader: Reader, text: string): Program<string | undefined> {
  const wrong = yield* readText(reader, text, () => 'in command line');
  return wrong?.replace('end of file, expecting ";" or "}"', 'end of parameter, expecting ";"');
}

const nginx: Command = function* ({ argv }) {
  const given = options(argv);
  if (typeof given === 'string') {
    yield* errOut(`nginx: ${given}\n`);
    return 1;
  }
  const { flags, values } = given;
  if (flags.has('h') || flags.has('?')) {
    yield* errOut(HELP);
    return 0;
  }
  if (flags.has('v') || flags.has('V')) {
    yield* errOut(`nginx version: ${VERSION}\n${flags.has('V') ? `${COMPILER}\nconfigure arguments: (not simulated)\n` : ''}`);
    return 0;
  }
  const prefix = (values.p ?? PREFIX).replace(/(?<!\/)$/, '/');
  const logPath = under(prefix, values.e ?? LOG);
  const log = yield* NginxLog.open(logPath);
  const server = yield* start(log, startConfig(logPath, prefix), given);
  return typeof server === 'number' ? server : yield* runMaster(server, argv);
};

export const serverCommands: CommandTable = { nginx: { run: nginx, in: ['gnu'] } };
