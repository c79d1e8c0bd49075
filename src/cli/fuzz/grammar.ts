// Command lines by chance: templates whose {holes} are filled with paths, ids and modes that mean something in the pod.

import type { Random } from '../shelltest/random.ts';
import { COMMON } from './commonCommands.ts';
import { BUSYBOX, DEBIAN } from './ownCommands.ts';
import type { FuzzPod } from './pods.ts';

const lines = (text: string): readonly string[] => text.trim().split('\n');
const TEMPLATES = { common: lines(COMMON), busybox: lines(BUSYBOX), debian: lines(DEBIAN) };

const NAMES = ['f1', 'f2', 'note', 'd1', 'run.sh', 'x'];
const MODES = '644 600 400 0 755 700 777 4755 2755 1777 6755 664 u+x g+w o-r a+r u=rw,g=r,o= u+s g+s +t go-rwx a=rX ug+rw,o-w +x -w'.split(
  ' ',
);
const OWNERS = '1000 0 33 nobody root www-data 1000:1000 0:0 :33 :2000 nobody:nobody 1000: root:daemon 65534:65534 nosuch 4294967295'.split(
  ' ',
);
const GROUPS = 'root daemon 33 2000 1000 nosuchgroup 10'.split(' ');
const COMMANDS = 'id ls su ping mount chown capsh cat sh bash busybox setpriv unshare nc passwd'.split(' ');

/** Fills templates; remembers what it has made so that later commands use it. */
export class Writer {
  private readonly made: string[] = [];
  private readonly r: Random;
  private readonly pod: FuzzPod;

  constructor(r: Random, pod: FuzzPod) {
    this.r = r;
    this.pod = pod;
  }

  /** One command line. */
  line(): string {
    const { r, pod } = this;
    const list = r.chance(70) ? TEMPLATES.common : pod.gnu ? TEMPLATES.debian : TEMPLATES.busybox;
    const fixed = new Map<string, string>();
    return r.pick(list).replace(/(?<!\$)\{(\w+)\}/g, (_, hole: string) => {
      const twice = hole === 'new' || hole === 'made' || hole === 'dir' || hole === 'file';
      const before = twice ? fixed.get(hole) : undefined;
      const text = before ?? this.fill(hole);
      fixed.set(hole, text);
      return text;
    });
  }

  private fresh(): string {
    const { r, pod } = this;
    const parents = [...pod.directories, '/tmp', '/tmp', ...this.made.filter(() => r.chance(20))];
    const path = `${r.pick(parents).replace(/\/$/, '')}/${r.pick(NAMES)}`;
    this.made.push(path);
    return path;
  }

  private old(): string {
    return this.made.length > 0 && this.r.chance(85) ? this.r.pick(this.made) : this.r.pick(this.pod.files);
  }

  private fill(hole: string): string {
    const { r, pod } = this;
    switch (hole) {
      case 'new':
      case 'new2':
        return this.fresh();
      case 'made':
        return this.old();
      case 'madedir':
        return r.chance(60)
          ? this.old()
          : r.pick(['/app', '/pub', '/host', '/pv', '/data', '/srv'].filter((dir) => dir === '/srv' || pod.directories.includes(dir)));
      case 'file':
        return r.chance(75) ? r.pick(pod.files) : this.old();
      case 'dir':
        return r.pick(pod.directories);
      case 'dir2':
        return r.pick(['/app', '/pub', '/host', '/data']);
      case 'any':
        return r.chance(50) ? r.pick(pod.directories) : r.chance(50) ? r.pick(pod.files) : this.old();
      case 'name':
        return r.pick(NAMES);
      case 'user':
        return r.pick(['root', 'nobody', 'www-data', 'daemon', '1000', '0', '33', 'nosuchuser']);
      case 'group':
        return r.pick(GROUPS);
      case 'owner':
        return r.pick(OWNERS);
      case 'mode':
        return r.pick(MODES);
      case 'perm':
        return r.pick(['644', '-644', '/222', '-u+w', '/a+x']);
      case 'umask':
        return r.pick(['022', '077', '0', '027', '0777', 'u=rwx,g=,o=']);
      case 'command':
        return r.pick(COMMANDS);
      default:
        throw new Error(`no such hole: ${hole}`);
    }
  }
}
