import { list, type Node, type Path, text } from '../tree/node.ts';
import { type Report, spot } from '../tree/report.ts';
import { scalarText } from '../tree/scalar-text.ts';
import { type Binder, refuse } from './binder.ts';

interface HostEntry {
  readonly host: string;
  readonly address: string;
  readonly node: Node;
}

/** `extra_hosts` in any form becomes the sorted list of `host=address`. */
export const hosts: Binder = (node, path, report) => {
  if (node.kind === 'scalar') return node.type === 'null' ? undefined : refuse(node, path, report, 'list');
  const entries = node.kind === 'list' ? ofItems(node.items, path, report) : ofMapping(node);
  for (const entry of entries) checkHost(entry, path, report);
  const items = entries.map((entry) => text(`${entry.host}=${unbracketed(entry.address)}`, entry.node.mark));
  const sorted = items.toSorted((a, b) => (String(a.value) < String(b.value) ? -1 : 1));
  return items.length === 0 ? undefined : list(sorted, node.mark);
};

function ofItems(items: readonly Node[], path: Path, report: Report): HostEntry[] {
  return items.flatMap((node, index) => {
    const written = node.kind === 'scalar' ? scalarText(node) : '';
    const separator = written.includes('=') ? '=' : ':';
    const at = written.indexOf(separator);
    if (at === -1) {
      report.error('COMPOSE_HOST_ADDRESS', { entry: written }, spot(node, [...path, index]));
      return [];
    }
    const addresses = written.slice(at + 1).split(',');
    return addresses.map((address) => ({ host: written.slice(0, at), address, node }));
  });
}

function ofMapping(node: Extract<Node, { kind: 'mapping' }>): HostEntry[] {
  return [...node.entries].flatMap(([host, { value }]) => {
    const values = value.kind === 'list' ? value.items : [value];
    return values.map((one) => ({ host, address: one.kind === 'scalar' ? scalarText(one) : '', node: one }));
  });
}

function checkHost(entry: HostEntry, path: Path, report: Report): void {
  if (entry.host !== '' && !/[:=]/.test(entry.host)) return;
  report.error('COMPOSE_HOST_NAME', { host: entry.host }, spot(entry.node, path));
}

function unbracketed(address: string): string {
  return /^\[.+\]$/.test(address) ? address.slice(1, -1) : address;
}
