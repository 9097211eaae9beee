import { readFile } from 'node:fs/promises';
import { pagesSocket } from '#balancer/policy/outer-section.ts';

/** The Lua program that holds requests, reading the map at `holdMap`. */
export async function holdScript(holdMap: string): Promise<string> {
  return (await program('hold.lua')).replace('"@HOLD_MAP@"', () => JSON.stringify(holdMap));
}

/** The Lua program for what policies need beyond the proxy's own rules. */
export async function policyScript(handover: string): Promise<string> {
  return (await program('policy.lua')).replace('"@PAGES_DOOR@"', () => JSON.stringify(pagesSocket(handover)));
}

function program(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}
