import { isAbsolute, posix, resolve } from 'node:path';
import { type Finding, finding } from '#core/finding.ts';
import type { Secret } from '#core/secret.ts';
import type { FileGrant, FileObject, Project, Service } from '#model/project.ts';
import type { GrantedFile } from '#model/spec.ts';
import type { ProjectFiles } from '#world/project-files.ts';
import type { Locate } from '#world/runtime.ts';

type Values = Readonly<Record<string, Secret>>;

interface Input {
  readonly project: Project;
  readonly directory: string;
  readonly name: string;
  readonly service: Service;
  /** Values that come from variables, by the name of the secret or config. */
  readonly contents: { readonly secrets: Values; readonly configs: Values };
  readonly files: ProjectFiles;
  readonly locate: Locate;
}

type Kind = GrantedFile['kind'];

/** The secrets and configs that a service is granted, with their bytes, so that a release can bring them back. */
export function resolveFiles(input: Input): {
  readonly files: readonly GrantedFile[];
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const grant = (kind: Kind, one: FileGrant, index: number): GrantedFile[] => {
    const table = kind === 'secret' ? input.project.secrets : input.project.configs;
    const content = contentOf({ ...input, kind, grant: one, index }, table?.[one.source], findings);
    return content === undefined ? [] : [granted(kind, one, content)];
  };
  const files = [
    ...(input.service.secrets ?? []).flatMap((one, index) => grant('secret', one, index)),
    ...(input.service.configs ?? []).flatMap((one, index) => grant('config', one, index)),
  ];
  return { files, findings };
}

interface Wanted extends Input {
  readonly kind: Kind;
  readonly grant: FileGrant;
  readonly index: number;
}

function contentOf(input: Wanted, object: FileObject | undefined, findings: Finding[]): Uint8Array | undefined {
  const { kind, grant, name } = input;
  const at = input.locate(['services', name, `${kind}s`, input.index]);
  if (object === undefined) {
    findings.push(finding('error', 'SETTINGS_FILE_UNDEFINED', { kind, name: grant.source, service: name }, at));
    return undefined;
  }
  if (object.content !== undefined) return Buffer.from(object.content);
  if (object.environment !== undefined) return Buffer.from(input.contents[`${kind}s`][grant.source]?.reveal() ?? '');
  if (object.file === undefined) {
    findings.push(finding('error', 'SETTINGS_FILE_EXTERNAL', { kind, name: grant.source }, at));
    return undefined;
  }
  const source = resolve(input.directory, object.file);
  const bytes = input.files.readBytes(source);
  if (bytes === undefined) {
    const where = input.locate([`${kind}s`, grant.source, 'file']) ?? at;
    findings.push(finding('error', 'SETTINGS_FILE_MISSING', { kind, name: grant.source, source }, where));
  }
  return bytes;
}

/** Compose: secrets stand in /run/secrets, configs at the root; both are world-readable unless `mode` says other. */
function granted(kind: Kind, grant: FileGrant, content: Uint8Array): GrantedFile {
  const folder = kind === 'secret' ? '/run/secrets' : '/';
  const target = grant.target ?? grant.source;
  return {
    kind,
    target: isAbsolute(target) ? target : posix.join(folder, target),
    content: Buffer.from(content).toString('base64'),
    mode: Number.parseInt(grant.mode ?? '0444', 8),
    uid: Number(grant.uid ?? 0),
    gid: Number(grant.gid ?? 0),
  };
}
