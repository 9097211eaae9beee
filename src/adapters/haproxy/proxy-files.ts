import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rendering } from '#balancer/render.ts';
import { fail } from '#core/errors.ts';
import type { RouteTable } from '#model/route.ts';
import { makeHandoverFolder } from './handover-folder.ts';
import type { Launcher } from './launch/launcher.ts';
import type { Layout } from './layout.ts';
import { holdScript, policyScript } from './lua-programs.ts';
import { readText, writeChanged, writeWhole } from './whole-file.ts';

const emptyTable: RouteTable = { backends: {}, listeners: [], routes: [] };

/** What the proxy of a home reads when it starts or reloads, and what we need to start it again. */
export class ProxyFiles {
  readonly #layout: Layout;
  readonly #challenges: () => string;

  /** @param challenges the answers to authorities under way, which a new worker must know too */
  constructor(layout: Layout, challenges: () => string) {
    this.#challenges = challenges;
    this.#layout = layout;
  }

  async makeFolder(): Promise<void> {
    await mkdir(this.#layout.folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Puts a rendering in the place from which the proxy reads it.
   *
   * @param openBreakers the map of open breakers, which a reload must not close
   * @returns the way back to the configuration that was there
   */
  async layDown(rendering: Rendering, openBreakers: string): Promise<() => Promise<void>> {
    const { config } = this.#layout;
    const before = await readText(config);
    await this.#besideConfig(rendering, openBreakers);
    await writeWhole(config, rendering.config);
    return async () => {
      if (before !== undefined) await writeWhole(config, before);
    };
  }

  /** @throws PROXY_CONFIG_REJECTED when HAProxy would refuse it; the configuration in place stays */
  async requireValid(rendering: Rendering, launcher: Launcher): Promise<void> {
    const { draft } = this.#layout;
    await this.#besideConfig(rendering, '');
    await writeFile(draft, rendering.config, { mode: 0o600 });
    const complaint = await launcher.complaintAbout(draft);
    if (complaint !== undefined)
      throw fail('PROXY_CONFIG_REJECTED', { reason: complaint, check: launcher.checkCommand(draft) });
    await rm(draft);
  }

  async #besideConfig(rendering: Rendering, openBreakers: string): Promise<void> {
    const layout = this.#layout;
    await makeHandoverFolder(layout);
    await mkdir(layout.maps, { recursive: true, mode: 0o700 });
    const texts: readonly (readonly [file: string, text: string])[] = [
      [layout.holdScript, await holdScript(layout.holdMap)],
      [layout.policyScript, await policyScript(layout.handover)],
      // The proxy fills this one itself; a new worker has checked no password yet.
      [layout.credentialMap, ''],
      [layout.breakerMap, openBreakers],
      [layout.holdMap, rendering.holdMap],
      [layout.canaryMap, rendering.canaryMap],
      [layout.certificateList, rendering.certificateList],
      [layout.challengeMap, this.#challenges()],
      ...Object.entries(rendering.maps).map(([name, text]) => [join(layout.maps, name), text] as const),
    ];
    for (const [file, text] of texts) await writeChanged(file, text);
  }

  /** Writes down what is now carried, for a proxy that starts again. */
  async remember(table: RouteTable, rendering: Rendering): Promise<void> {
    await writeChanged(this.#layout.holdMap, rendering.holdMap);
    await writeChanged(this.#layout.canaryMap, rendering.canaryMap);
    await writeChanged(this.#layout.config, rendering.config);
    await writeChanged(this.#layout.table, `${JSON.stringify(table)}\n`);
  }

  /** The table that was carried last; an empty one before the first. */
  async lastTable(): Promise<RouteTable> {
    const text = await readText(this.#layout.table);
    try {
      return text === undefined ? emptyTable : (JSON.parse(text) as RouteTable);
    } catch {
      // Damaged from outside: the engine's next `apply` brings everything, and until then nothing is better than a lie.
      return emptyTable;
    }
  }

  /** Takes away what lies outside of the home. */
  async clearOutside(): Promise<void> {
    const { handover, folder } = this.#layout;
    if (handover !== folder) await rm(handover, { recursive: true, force: true });
  }
}
