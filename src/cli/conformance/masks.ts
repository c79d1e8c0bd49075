// Values that are unstable by nature, replaced on both sides before comparing. The rules are those documented with the
// recordings (M1–M20) and, for cluster recordings, the table of volatile values in their README. No other.

type Replace = readonly [RegExp, string | ((match: string, ...groups: string[]) => string)];

const MON = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';

const COMMON: readonly Replace[] = [
  [new RegExp(`\\b${MON} [ 0-9]\\d (?: \\d{4}|\\d\\d:\\d\\d)(?= )`, 'g'), 'Mon DD HH:MM'], // M1
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: [+-]\d{4})?/g, (m) => m.replace(/\d/g, '0')], // M2
  [new RegExp(`\\b${DAY} ${MON} [ 0-9]\\d \\d\\d:\\d\\d:\\d\\d UTC \\d{4}`, 'g'), 'Day Mon DD HH:MM:SS UTC YYYY'], // M3
  [/(Inode: )(\d+)( *)/g, (_, head = '', digits = '', pad = '') => head + '#'.repeat(digits.length) + pad], // M4
  [/(Device: )\S+/g, '$1DEV'],
  [/lowerdir=[^,\s]+,upperdir=[^,\s]+,workdir=[^,\s)]+(?:,uuid=\w+|,xino=\w+|,nouserxattr)*/g, 'lowerdir=L,upperdir=U,workdir=W'], // M7
  [/\/dev\/vda(?= )/g, '/dev/sda1'],
  [/relatime(,idmapped)?,discard(,resv_strict,resuid=65534,resgid=65534)?/g, 'relatime$1'],
  [/rw,discard(,resv_strict,resuid=65534,resgid=65534)?/g, 'rw'],
  [/time=[\d.]+ ms/g, 'time=0.000 ms'], // M11
  [/(= )[\d.]+\/[\d.]+\/[\d.]+(\/[\d.]+)? ms/g, '= 0.000/0.000/0.000 ms'],
  [/time \d+ms/g, 'time 0ms'],
  [/up .*, +\d+ users?, +load average:.*/g, 'up UPTIME'], // M13
  [/\btmp\.[A-Za-z0-9]{6,10}\b/g, 'tmp.XXXXXX'], // M14
  [/\u001b\[6n/g, ''], // M15
  [/^(d[r-][w-][xst-][r-][w-][xst-][r-][w-][xst-] +)\d+( +\S+ +\S+ +0 .* (?:\/proc|\/sys|proc|sys)\/?)$/gm, '$1NN$2'], // M17
  [/\b0x[0-9a-f]{12}\b/g, '0xADDR'], // M18
  [/\/proc\/(?!1\b)\d+\b/g, '/proc/N'], // M19
  [/(\/proc\/self -> |\bfor |^|\()(?!1\b)\d+(?= \(process ID\)|: cap_|: =)/gm, '$1N'],
  [/(proc\/self -> )\d+/g, '$1N'],
  [/map_files\/[0-9a-f]+-[0-9a-f]+/g, 'map_files/ADDR-ADDR'],
  [/(Process |PTRACE_SEIZE, )\d+(?= attached|\))/g, '$1N'],
  [/(temp file '\/etc\/passwd)\w{6}/g, '$1XXXXXX'], // M20
  [/(session keyring: )\d+/g, '$1N'],
  [/\b(mnt|pid|net|ipc|uts|user|cgroup|time):\[\d+\]/g, '$1:[NS]'], // M16
];

/** The first id of a user namespace is a random multiple of 65536. */
const sinceBase = (id: string): string => (Number(id) < 65536 ? id : `BASE+${Number(id) % 65536}`);

const CLUSTER: readonly Replace[] = [
  [/^ +0 +\d+ +65536$/gm, '0 BASE 65536'],
  [/(?<=\b[ug]id=)\d{6,}\b/g, (id) => sinceBase(id)],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID'],
  [/\b[0-9a-f]{64}\b/g, 'HEX64'],
  [/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-XXXXX'],
  [/debugger-[a-z0-9]{5}/g, 'debugger-XXXXX'],
  [/\bpipe:\[\d+\]/g, 'pipe:[N]'],
  [/-[456789bcdf]{8,10}(?=-[bcdfghjklmnpqrstvwxz2456789]{5}\b|\b(?!-))/g, '-HASH'], // pod template hashes
  [/(?<==)[456789bcdf]{8,10}\b/g, 'HASH'],
  [/(\bpods \\?"[a-z0-9-]+-(?:HASH-)?)[bcdfghjklmnpqrstvwxz2456789]{5}(?=\\?")/g, '$1XXXXX'], // names of controllers' pods
  [/containerd-mount\d+/g, 'containerd-mountN'],
  [/\d+( Mon DD HH:MM \.\.data -> \.\.2\d{3}_)/g, 'N$1'], // the link is as long as the random name
  [/\.\.2\d{3}_\d\d_\d\d_\d\d_\d\d_\d\d\.\d+/g, '..TIMESTAMP'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME'],
  [new RegExp(`\\b${DAY}, \\d\\d ${MON} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000`, 'g'), 'TIME'],
  [/(resourceVersion"?: ?)"\d+"/g, '$1"N"'],
  [/\b10\.244\.0\.\d+\b( {2,})?/g, (m) => (m.endsWith(' ') ? '10.244.0.N ' : '10.244.0.N')],
  [/\bIP {2,}NODE\b/g, 'IP NODE'], // the column is as wide as the address
  [/\(x\d+ over \d+[smhd]\d*[smh]?\)( {2,})?/g, (m) => (m.endsWith(' ') ? '(xN over AGE)  ' : '(xN over AGE)')],
  [/(?<=\s)\d+[smhd](\d+[smh])?( {2,}|(?=\s|$))/g, (m) => (m.endsWith(' ') ? 'N  ' : 'N')],
  [/(\bAGE|\bAge|----|\bRESTARTS|\bLAST SEEN) {2,}(?=[A-Z-])/g, '$1  '], // columns are as wide as the age
  [
    /^(\S+ +\d+\/\d+ +\S+ +\d+)(?:( \()\S+( ago\)))? {2,}/gm,
    (_, head = '', open = '', close = '') => `${head}${open && `${open}N${close}`}  `,
  ],
  [/\b\d+ms \(\d+ms including waiting\)\. Image size: \d+ bytes/g, 'Nms (Nms including waiting). Image size: N bytes'],
];

const STATUS_VOLATILE = new Set(
  `Tgid Ngid Pid PPid NStgid NSpid NSpgid NSsid FDSize VmPeak VmSize VmLck VmPin VmHWM VmRSS RssAnon RssFile RssShmem VmData VmStk VmExe VmLib
   VmPTE VmSwap HugetlbPages SigQ Cpus_allowed Cpus_allowed_list Mems_allowed Mems_allowed_list voluntary_ctxt_switches nonvoluntary_ctxt_switches`.split(
    /\s+/,
  ),
);

const PS_HEAD = /^ *PID +USER|^USER +PID|^ *PID +TTY|^UID +PID|^ *PID /;
const pid = (text: string): string => (text === '0' || text === '1' ? text : 'N');

/** Replaces fields of a line by index, right-aligned in their old places. */
function keepWidth(line: string, replace: Readonly<Record<number, (old: string) => string>>): string {
  let field = 0;
  return line.replace(/\S+/g, (old) => {
    const by = replace[field++];
    return by ? by(old).padStart(old.length) : old;
  });
}

function maskPsLine(header: readonly string[], line: string): string {
  if (header[0] === 'USER') {
    const sizes = { 2: () => '0.0', 3: () => '0.0', 4: () => '0', 5: () => '0', 8: () => '00:00', 9: () => '0:00' };
    return keepWidth(line, { 1: pid, ...sizes, 7: (state) => state.replace('Rs', 'Ss') });
  }
  if (header[0] === 'UID') return keepWidth(line, { 1: pid, 2: pid, 3: () => '0', 4: () => '00:00', 6: () => '00:00:00' });
  return line
    .replace(/^( *)(\d+)/, (all, _, digits) => (digits === '1' ? all : `${' '.repeat(all.length - 1)}N`))
    .replace(/(?<= )\d+:\d\d(?= )/g, '0:00')
    .replace(/\b\d\d:\d\d:\d\d\b/g, '00:00:00');
}

function maskLines(text: string): string {
  let header: readonly string[] | null = null;
  return text
    .split('\n')
    .map((line) => {
      const status = /^(\w+):(\t+| +)(.+)$/.exec(line); // M6
      if (status && STATUS_VOLATILE.has(status[1] as string) && status[2]?.includes('\t')) {
        return `${status[1]}:${status[2]}${status[3]?.replace(/[0-9a-f]+(?:,[0-9a-f]+)*/g, 'N')}`;
      }
      if (PS_HEAD.test(line))
        header = line.trim().split(/\s+/); // M5
      else if (header !== null) {
        if (line.trim().split(/\s+/).length >= header.length && header.includes('PID')) return maskPsLine(header, line);
        header = null;
      }
      return line;
    })
    .join('\n');
}

/** Applies the masks of the kernel recordings. */
export function maskKernel(text: string, kernelRelease: string): string {
  const replaced = COMMON.reduce((all, [pattern, by]) => all.replace(pattern, by as string), text);
  return maskLines(replaced.replaceAll(kernelRelease, 'KERNEL')); // M10
}

/** Applies the masks of the cluster recordings. */
export function maskCluster(text: string): string {
  return maskLines([...COMMON, ...CLUSTER].reduce((all, [pattern, by]) => all.replace(pattern, by as string), text));
}
