import { readFile } from 'node:fs/promises';

/** The Lua program that holds requests, reading the map at `holdMap`. */
export async function holdScript(holdMap: string): Promise<string> {
  const script = await readFile(new URL('hold.lua', import.meta.url), 'utf8');
  return script.replace('"@HOLD_MAP@"', () => JSON.stringify(holdMap));
}
