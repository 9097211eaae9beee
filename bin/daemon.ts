import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// A folder of its own: compiled code only fits the options of Node that it was compiled under.
enableCompileCache(join(import.meta.dirname, '../.timonel/compiled-daemon'));
// Meant for this process, not for what it starts.
delete process.env.NODE_COMPILE_CACHE;

const { compileFirst } = await import('#daemon/compile-first.ts');
const { runDaemon } = await import('#daemon/main.ts');
await compileFirst(import.meta.filename);
await runDaemon();
// Whatever an adapter left open must not keep a daemon alive that has said goodbye.
process.exit();
