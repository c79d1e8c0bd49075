// Where a pod looks names up. Counterpart: pkg/kubelet/network/dns/dns.go, Kubernetes 1.36

import type { KubeObject } from '../api/object.ts';
import { CLUSTER_DOMAIN } from './podNames.ts';

export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** The address of the cluster's DNS Service, as the kubelet is told. */
const CLUSTER_DNS = '10.96.0.10';
const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_TEXT = 2048;

/** What a resolv.conf says. Counterpart: parseResolvConf */
function parsed(text: string): DnsConfig {
  const config = { servers: [] as string[], searches: [] as string[], options: [] as string[] };
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === 'nameserver' && rest[0] !== undefined) config.servers.push(rest[0]);
    // The last line of searches wins.
    if (word === 'search') config.searches = rest.map((name) => (name === '.' ? name : name.replace(/\.$/, '')));
    if (word === 'options') config.options = rest;
  }
  return config;
}

function base({ metadata, spec }: KubeObject, node: DnsConfig): DnsConfig {
  const policy: string = spec.dnsPolicy ?? 'ClusterFirst';
  if (policy === 'None') return { servers: [], searches: [], options: [] };
  if (policy === 'Default' || (policy === 'ClusterFirst' && spec.hostNetwork)) return node;
  const own = [`${metadata.namespace}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN];
  return { servers: [CLUSTER_DNS], searches: once([...own, ...node.searches]), options: ['ndots:5'] };
}

const once = (list: readonly string[]): readonly string[] => [...new Set(list)];

/** The same option again replaces the earlier one. Counterpart: mergeDNSOptions. Deviates: the original's order is that of a Go map */
function merged(old: readonly string[], more: readonly { readonly name: string; readonly value?: string }[]): readonly string[] {
  const options = new Map(old.map((option) => [option.split(':')[0] as string, option]));
  for (const { name, value } of more) options.set(name, value === undefined || value === '' ? name : `${name}:${value}`);
  return [...options.values()];
}

/** A pod's configuration, and what does not fit: texts of DNSConfigForming. `resolvConf` is the node's. Counterpart: GetPodDNS */
export function podDns(pod: KubeObject, resolvConf: string): { readonly config: DnsConfig; readonly left: readonly string[] } {
  const more = pod.spec.dnsConfig ?? {};
  const start = base(pod, parsed(resolvConf));
  const servers = once([...start.servers, ...(more.nameservers ?? [])]);
  const searches = once([...start.searches, ...(more.searches ?? [])]);
  const left: string[] = [];
  const line = fitting(searches);
  if (line.length < searches.length)
    left.push(`Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${line.join(' ')}`);
  const asked = servers.slice(0, MAX_SERVERS);
  if (asked.length < servers.length)
    left.push(`Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${asked.join(' ')}`);
  return { config: { servers: asked, searches: line, options: merged(start.options, more.options ?? []) }, left };
}

/** Counterpart: formDNSSearchFitsLimits */
function fitting(searches: readonly string[]): readonly string[] {
  const kept = searches.slice(0, MAX_SEARCHES);
  while (kept.join(' ').length > MAX_SEARCH_TEXT) kept.pop();
  return kept;
}
