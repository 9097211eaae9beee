import { readFile } from 'node:fs/promises';

/** The Lua program that holds requests, reading the map at `holdMap`. */
export async function holdScript(holdMap: string): Promise<string> {
  return (await program('hold.lua')).replace('"@HOLD_MAP@"', () => JSON.stringify(holdMap));
}

/** The Lua program for what policies need beyond the proxy's own rules. */
export function policyScript(): Promise<string> {
  return program('policy.lua');
}

function program(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}
