import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import { providerNamed } from '../providers/index.ts';
import { type ProviderStart, parseImage } from '../providers/provider.ts';
import type { InstanceFolder } from './folder.ts';
import type { InstanceRecord } from './state.ts';

export interface Provided extends ProviderStart {
  /** Folders in front of PATH. */
  readonly path: readonly string[];
}

/** How the provider of an instance starts it; undefined for one that runs its own code. */
export function providedStart(
  { spec: instance, address }: InstanceRecord,
  folder: InstanceFolder,
): Provided | undefined {
  const { spec } = instance;
  if (spec.source.kind !== 'provider') return undefined;
  const image = spec.service.image ?? spec.source.provider;
  const provider = providerNamed(spec.source.provider);
  const installed = provider?.find(parseImage(image).tag);
  if (provider === undefined || installed === undefined) {
    const packages = (provider?.packages ?? [spec.source.provider]).join(' ');
    throw fail('PROVIDER_MISSING', { service: instance.service, image, packages });
  }
  const start = provider.start({
    spec,
    installed,
    address,
    port: spec.endpoints[0]?.port ?? provider.ports[0] ?? 0,
    isMounted: (target) => (spec.service.volumes ?? []).some((mount) => mount.target.replace(/\/+$/, '') === target),
    privateFolder: folder.data,
  });
  return { ...start, path: [folder.bin, installed.folder] };
}

/** Writes the small programs in front of PATH. */
export function writeWrappers(folder: InstanceFolder, wrappers: Provided['wrappers']): void {
  mkdirSync(folder.bin, { recursive: true, mode: 0o755 });
  for (const [name, text] of Object.entries(wrappers)) {
    const path = join(folder.bin, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    chmodSync(path, 0o755);
  }
}

/** An image's own stop signal counts where the file names none. */
export function stopSignalOf({ spec: { spec } }: InstanceRecord, asked: string): string {
  if (spec.source.kind !== 'provider' || spec.service.stop_signal !== undefined) return asked;
  return providerNamed(spec.source.provider)?.stopSignal ?? asked;
}
