import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../.timonel/compiled'));

const { runDaemon } = await import('#daemon/main.ts');
await runDaemon();
