import { type Finding, finding, sortFindings } from '#core/finding.ts';
import type { ReadNamed } from './access.ts';
import type { KnownService } from './known-services.ts';
import { Ledger } from './ledger.ts';
import { reportLeftovers } from './leftovers.ts';
import { readZones } from './limits.ts';
import type { Around } from './locations.ts';
import { merged } from './merge.ts';
import { type Directive, type Include, parseNginx } from './parse.ts';
import type { Imported } from './route.ts';
import { Scope } from './scope.ts';
import { readServer, routesOf } from './servers.ts';
import { Targets } from './targets.ts';
import { NginxSyntaxError } from './tokens.ts';
import { trustedProxies } from './trust.ts';
import { mapDefaults } from './variables.ts';

/** nginx files and what is known of what stands around them. Nothing else is read. */
export interface ImportRequest {
  readonly files: readonly { readonly file: string; readonly text: string }[];
  /** Services of the Compose file; empty when there is none. */
  readonly known: readonly KnownService[];
  readonly include: Include;
  readonly read: ReadNamed;
  isFile(path: string): boolean;
}

/**
 * Turns nginx files into routes of `x-timonel`. What cannot be carried over is a warning, what means something a little
 * different an information, each at its place; only a file that cannot be read is an error.
 */
export function importNginx(request: ImportRequest): Imported & { readonly findings: readonly Finding[] } {
  const ledger = new Ledger();
  const tree = readAll(request, ledger);
  const level = httpLevel(tree, ledger);
  const http = new Scope([level], ledger);
  const around: Around = {
    ...{ known: request.known, read: request.read, isFile: request.isFile },
    zones: readZones(http),
    targets: new Targets(http, request.known),
    variables: mapDefaults(http),
  };
  const servers = serversIn(level, http).map((one) => readServer(one, http, around));
  const trusted = trustedProxies([http, ...servers.map((one) => one.scope)]);
  const routes = merged(routesOf(servers));
  reportLeftovers(tree, ledger);
  const nothing = routes.length === 0 && ledger.findings.every((one) => one.severity !== 'error');
  const findings = [...ledger.findings, ...(nothing ? [finding('error', 'NGINX_NOTHING', {}, tree[0]?.at)] : [])];
  return { routes, trustedProxies: trusted, findings: sortFindings(findings) };
}

function readAll({ files, include }: ImportRequest, ledger: Ledger): readonly Directive[] {
  return files.flatMap(({ file, text }) => {
    try {
      return parseNginx(text, file, include);
    } catch (error) {
      if (!(error instanceof NginxSyntaxError)) throw error;
      ledger.findings.push(finding('error', 'NGINX_SYNTAX', { problem: error.message as 'quote' }, error.at));
      return [];
    }
  });
}

/** A whole file has `http { }`; a file of conf.d, or a piece from a guide, is what stands inside. */
function httpLevel(tree: readonly Directive[], ledger: Ledger): readonly Directive[] {
  return tree.flatMap((one) => {
    if (one.name !== 'http') return [one];
    ledger.take(one);
    return one.block ?? [];
  });
}

/** Locations without a server around them count as one server for every host. */
function serversIn(level: readonly Directive[], http: Scope): readonly Directive[] {
  const loose = level.filter((one) => one.name === 'location');
  const [first] = loose;
  const servers = http.own('server');
  return first === undefined ? servers : [...servers, { name: 'server', args: [], block: loose, at: first.at }];
}
