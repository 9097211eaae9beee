import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../.timonel/compiled'));
// Meant for this process, not for what it starts.
delete process.env['NODE_COMPILE_CACHE'];

const { runDaemon } = await import('#daemon/main.ts');
await runDaemon();
// Whatever an adapter left open must not keep a daemon alive that has said goodbye.
process.exit();
