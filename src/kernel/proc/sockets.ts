// /proc/PID/net: the listening sockets of a network namespace. Counterpart: net/ipv4/tcp_ipv4.c tcp4_seq_show, net/ipv6/tcp_ipv6.c

import type { Kernel } from '../context.ts';
import type { Task } from '../state.ts';

const V4 = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const V6 =
  '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const ANY = '0'.repeat(32);

/** Text of net/tcp: programs here only listen on the addresses of both families. */
export const tcpText = (): string => `${V4.padEnd(149)}\n`;

/** Text of net/tcp6. Deviates: the inode numbers are made from the tasks. */
export function tcp6Text(k: Kernel, viewed: Task): string {
  const ports = new Map<number, Task>();
  for (const [, task] of k.state.tasks.entries())
    if (task.listening !== null && task.state !== 'zombie' && task.netNs === viewed.netNs && !ports.has(task.listening))
      ports.set(task.listening, task);
  const rows = [...ports].map(([port, task], at) => {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const uid = String(task.cred.fsuid).padStart(5);
    return `${String(at).padStart(4)}: ${ANY}:${hex} ${ANY}:0000 0A 00000000:00000000 00:00000000 00000000 ${uid}        0 ${10000 + task.id} 1 0000000000000000 100 0 0 10 0\n`;
  });
  return `${V6}\n${rows.join('')}`;
}
