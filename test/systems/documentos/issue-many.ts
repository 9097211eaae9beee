import { Pool } from 'undici';

const IDS = [1, 2, 3, 5, 8, 13, 21, 34];
const FORMATOS = ['pdf', 'docx', 'odt'];

/** Issues `count` certificates with `clients` at once, ids and formats in turn; gives failures and each time in ms. */
export async function issueMany(
  url: string,
  { count, clients }: { readonly count: number; readonly clients: number },
): Promise<{ readonly failed: number; readonly times: number[] }> {
  const pool = new Pool(url, { connections: clients });
  const times: number[] = [];
  let next = 0;
  let failed = 0;
  const client = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) {
      const path = `/api/v1/certificado/${IDS[i % IDS.length]}/${FORMATOS[i % FORMATOS.length]}`;
      const start = performance.now();
      const { statusCode, body } = await pool.request({ path, method: 'GET' });
      const bytes = (await body.arrayBuffer()).byteLength;
      times.push(performance.now() - start);
      if (statusCode !== 200 || bytes < 1000) failed += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    await pool.close();
  }
  return { failed, times };
}
